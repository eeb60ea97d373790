/// A store that needs a task of the silo to wait for each of its answers.
struct TaskedStateStore: DirectStateStore {
    let store: any StateStore
    let tasks: SiloTasks

    func load(_ request: StateLoad, completion: @escaping @Sendable (Result<[StateRecord], any Error>) -> Void) {
        tasks.start {
            do { completion(.success(try await store.load(request))) } catch { completion(.failure(error)) }
        }
    }

    func save(_ request: StateSave, completion: @escaping @Sendable (Result<StateSaveOutcome, any Error>) -> Void) {
        tasks.start {
            do { completion(.success(try await store.save(request))) } catch { completion(.failure(error)) }
        }
    }
}
