internal import NIOCore

extension ByteBuffer {
    /// Writes a frame: its length, its type and what the closure writes.
    @inline(__always)
    mutating func writeFrame(_ type: UInt8, _ body: (inout ByteBuffer) -> Void) {
        let start = writerIndex
        writeInteger(UInt32(0))
        writeInteger(type)
        body(&self)
        setInteger(UInt32(truncatingIfNeeded: writerIndex - start - WireFormat.lengthBytes), at: start)
    }
}
