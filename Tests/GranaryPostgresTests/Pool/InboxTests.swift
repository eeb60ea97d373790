import GranaryCore
import Testing

@testable import GranaryPostgres

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Who wakes the thread that drives the connections, and who takes a step in its place.
@Suite struct InboxTests {
    private func save(_ key: String) -> EngineMessage {
        .save(SaveEntry(.one(key, "1"), waiter: NoReceiver()), silo: 7)
    }

    private var load: EngineMessage {
        let request = StateLoad(grain: GrainID(type: "Cart", key: "a"), names: ["contents"])
        return .load(request, NoReceiver())
    }

    @Test func theOwnerIsWokenForWhatItWaitsFor() throws {
        let inbox = try Inbox()
        #expect(inbox.fallAsleep(EnginePatience(silo: 7, saves: 3), allowsHelp: false))
        #expect(inbox.send(save("a")))
        #expect(inbox.send(save("b")))
        #expect(!inbox.isReadable)
        #expect(inbox.send(save("c")))
        #expect(inbox.isReadable)
        inbox.wakeUp(wasWoken: true)
        var messages: [EngineMessage] = []
        inbox.take(into: &messages)
        #expect(messages.count == 3)
        #expect(!inbox.isReadable)
    }

    @Test func whatElseComesWakesItAtOnce() throws {
        let patience = EnginePatience(silo: 7, saves: .max, loads: .max)
        let others: [EngineMessage] = [
            .save(SaveEntry(.one("a", "1"), waiter: NoReceiver()), silo: 8), .close(nil), .unwatch(1),
        ]
        for message in others {
            let inbox = try Inbox()
            #expect(inbox.fallAsleep(patience, allowsHelp: false))
            #expect(inbox.send(save("a")))
            #expect(inbox.send(load))
            #expect(!inbox.isReadable)
            #expect(inbox.send(message))
            #expect(inbox.isReadable)
        }
    }

    @Test func oneHelpsWhileTheOwnerSleepsAndAllowsIt() throws {
        let inbox = try Inbox()
        #expect(!inbox.beginHelp(), "it is awake")
        #expect(inbox.fallAsleep(EnginePatience(), allowsHelp: false))
        #expect(!inbox.beginHelp(), "it does not allow it")
        #expect(inbox.fallAsleep(EnginePatience(), allowsHelp: true))
        #expect(inbox.beginHelp())
        #expect(!inbox.beginHelp(), "somebody else helps")
        inbox.endHelp(mustWake: false)
        #expect(!inbox.isReadable)
        #expect(inbox.beginHelp())
        inbox.endHelp(mustWake: true)
        #expect(inbox.isReadable)
        #expect(!inbox.beginHelp(), "it is about to wake")
    }

    @Test func whatCameDuringHelpWakesTheOwner() throws {
        let inbox = try Inbox()
        #expect(inbox.fallAsleep(EnginePatience(), allowsHelp: true))
        #expect(inbox.beginHelp())
        #expect(inbox.send(save("a")))
        #expect(!inbox.isReadable)
        inbox.endHelp(mustWake: false)
        #expect(inbox.isReadable)
        #expect(!inbox.fallAsleep(EnginePatience(), allowsHelp: true))
    }
}

extension Inbox {
    /// Whether its owner's `poll` would end.
    fileprivate var isReadable: Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        return poll(&descriptors, 1, 0) == 1
    }
}
