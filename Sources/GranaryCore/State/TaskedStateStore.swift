/// A store that needs a task of the silo to wait for each of its answers.
struct TaskedStateStore: DirectStateStore {
    let store: any StateStore
    let tasks: SiloTasks

    func load(_ request: StateLoad, for receiver: any LoadReceiver) {
        tasks.start {
            do { receiver.loaded(.success(LoadedStates(try await store.load(request)))) } catch {
                receiver.loaded(.failure(error))
            }
        }
    }

    func save(_ request: StateSave, for receiver: any SaveReceiver) {
        tasks.start {
            do { receiver.saved(.success(try await store.save(request))) } catch { receiver.saved(.failure(error)) }
        }
    }
}
