internal import NIOCore

/// Memory for one small frame, lent for as long as it is written and copied: frames are made outside of the session's lock,
/// and no field asks for more room.
struct FrameMemory: FrameSink {
    /// The most bytes that are taken from the stack.
    static let most = 2_048

    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = WireFormat.lengthBytes

    /// Begins a frame.
    ///
    /// - Parameters:
    ///   - memory: Where it is written; with room for it.
    ///   - type: The frame's type.
    init(_ memory: UnsafeMutableRawBufferPointer, _ type: UInt8) {
        self.memory = memory
        writeNumber(type)
    }

    /// Ends the frame.
    ///
    /// - Returns: The whole frame, its length first.
    mutating func finish() -> UnsafeRawBufferPointer {
        let end = count
        count = 0
        writeNumber(UInt32(truncatingIfNeeded: end - WireFormat.lengthBytes))
        count = end
        return UnsafeRawBufferPointer(rebasing: memory[..<end])
    }

    @inline(__always)
    mutating func writeNumber<Number: FixedWidthInteger>(_ number: Number) {
        // In bounds, which `storeBytes` checks in debug builds: whoever lends the memory computed the most that the frame
        // can take.
        memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: Number.self)
        count += MemoryLayout<Number>.size
    }

    @inline(__always)
    mutating func writeBytes(ofText text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    mutating func writeBytes(of buffer: ByteBuffer) {
        if buffer.readableBytes > 0 { buffer.withUnsafeReadableBytes { write($0) } }
    }

    @inline(__always)
    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }
}
