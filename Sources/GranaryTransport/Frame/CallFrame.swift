internal import GranaryCore
internal import NIOCore

/// How a call travels.
enum CallFrame {
    private static let hasDeadline: UInt8 = 8
    private static let hasChain: UInt8 = 16
    private static let hasTrace: UInt8 = 32

    /// The most bytes that a whole frame can take.
    @inline(__always)
    static func room(for head: borrowing CallHead, argumentBytes: Int) -> Int {
        // Length, type, flags, number, deadline: 22 bytes; seven varints of at most 10 bytes each.
        var room = 92 + argumentBytes + head.grain.type.utf8.count + head.grain.key.utf8.count + head.method.utf8.count
        if head.chain.isEmpty, head.trace.isEmpty { return room }
        room += 20
        for link in head.chain { room += 40 + link.grain.type.utf8.count + link.grain.key.utf8.count }
        for field in head.trace { room += 20 + field.name.utf8.count + field.value.utf8.count }
        return room
    }

    /// Writes everything of a call after the frame's type but the bytes of the arguments, which come right after it.
    @inline(__always)
    static func write(_ head: borrowing CallHead, argumentBytes: Int, to buffer: inout some FrameSink) {
        var flags = head.options.rawValue & 7
        if head.deadline != nil { flags |= hasDeadline }
        if !head.chain.isEmpty { flags |= hasChain }
        if !head.trace.isEmpty { flags |= hasTrace }
        buffer.writeNumber(flags)
        buffer.writeNumber(head.id)
        if let deadline = head.deadline { buffer.writeNumber(deadline.wireNanoseconds) }
        buffer.writeSignedVarint(head.view)
        buffer.writeVarint(head.route)
        buffer.writeText(head.grain.type)
        buffer.writeText(head.grain.key)
        buffer.writeText(head.method)
        if flags & (hasChain | hasTrace) != 0 { writeContext(head, to: &buffer) }
        buffer.writeVarint(UInt64(head.argumentCount))
        buffer.writeVarint(UInt64(argumentBytes))
    }

    @inline(never)
    private static func writeContext(_ head: CallHead, to buffer: inout some FrameSink) {
        if !head.chain.isEmpty {
            buffer.writeVarint(UInt64(head.chain.count))
            for link in head.chain {
                buffer.writeText(link.grain.type)
                buffer.writeText(link.grain.key)
                buffer.writeVarint(link.turn)
                buffer.writeSignedVarint(Int64(link.silo))
            }
        }
        if !head.trace.isEmpty {
            buffer.writeVarint(UInt64(head.trace.count))
            for field in head.trace {
                buffer.writeText(field.name)
                buffer.writeText(field.value)
            }
        }
    }

    /// Reads what follows the type.
    ///
    /// - Parameters:
    ///   - reader: The frame behind its type.
    ///   - clockOffset: The sender's clock minus this process's, in nanoseconds.
    /// - Returns: The call, its deadline in readings of this process's clock.
    /// - Throws: When the bytes are not a call's.
    static func read(_ reader: inout FrameReader, clockOffset: Int64) throws(WireFault) -> ReceivedCall {
        let flags = try reader.integer(UInt8.self)
        let id = try reader.integer(UInt64.self)
        var deadline: Duration?
        if flags & hasDeadline != 0 {
            let (reading, overflows) = try reader.integer(Int64.self).subtractingReportingOverflow(clockOffset)
            deadline = overflows ? nil : .nanoseconds(reading)
        }
        let view = try reader.signedVarint()
        let route = try reader.varint()
        let grain = GrainID(type: try reader.text(), key: try reader.text())
        let method = try reader.text()
        let chain = flags & hasChain == 0 ? [] : try readChain(&reader)
        let trace = flags & hasTrace == 0 ? [] : try readTrace(&reader)
        let count = try reader.varint()
        let arguments = try reader.block()
        // Every argument takes a byte at least.
        guard count <= UInt64(arguments.readableBytes) else {
            throw WireFault("a call says it has \(count) arguments in \(arguments.readableBytes) bytes")
        }
        let head = CallHead(
            id: id, grain: grain, method: method, argumentCount: Int(count), deadline: deadline, view: view,
            route: route, options: CallOptions(rawValue: flags & 7), chain: chain, trace: trace)
        return ReceivedCall(head: head, arguments: arguments)
    }

    private static func readChain(_ reader: inout FrameReader) throws(WireFault) -> [CallChainLink] {
        var chain: [CallChainLink] = []
        for _ in 0..<(try count(&reader)) {
            let grain = GrainID(type: try reader.text(), key: try reader.text())
            chain.append(CallChainLink(grain: grain, turn: try reader.varint(), silo: try reader.silo()))
        }
        return chain
    }

    private static func readTrace(_ reader: inout FrameReader) throws(WireFault) -> [TraceField] {
        var fields: [TraceField] = []
        for _ in 0..<(try count(&reader)) {
            fields.append(TraceField(name: try reader.text(), value: try reader.text()))
        }
        return fields
    }

    /// A count of things that take two bytes each at least.
    private static func count(_ reader: inout FrameReader) throws(WireFault) -> UInt64 {
        let count = try reader.varint()
        guard count <= UInt64(reader.buffer.readableBytes / 2) else { throw .truncated }
        return count
    }
}
