extension CBORReader {
    /// Passes over one item without making anything of it.
    ///
    /// It recurses once per array or map, so the limit on depth bounds the stack. Text that is passed over is not
    /// checked for UTF-8, nor are maps for equal keys.
    /// The depth is the number of arrays and maps that contain the item.
    @usableFromInline
    mutating func skip(depth: Int) throws(CBORFault) {
        let head = try untaggedHead()
        switch head.major {
        case CBORMajor.unsigned, CBORMajor.negative: return
        case CBORMajor.bytes, CBORMajor.text:
            if head.isIndefinite {
                while try chunk(of: head) != nil {}
            } else {
                position &+= try checked(head.argument)
            }
        case CBORMajor.array, CBORMajor.map: try skipElements(of: head, depth: depth)
        default:
            if head.initial == CBORByte.break { throw CBORFault(.malformed, "a break where an item belongs") }
        }
    }

    private mutating func skipElements(of head: CBORHead, depth: Int) throws(CBORFault) {
        guard depth < maximumDepth else { throw CBORFault.tooDeep }
        let isMap = head.major == CBORMajor.map
        if head.isIndefinite {
            while try !readBreak() {
                try skip(depth: depth &+ 1)
                if isMap { try skip(depth: depth &+ 1) }
            }
        } else {
            var items = try checked(head.argument, bytesEach: isMap ? 2 : 1)
            if isMap { items &*= 2 }
            while items > 0 {
                try skip(depth: depth &+ 1)
                items &-= 1
            }
        }
    }

    /// The next chunk of a string of indefinite length, or `nil` at its end.
    mutating func chunk(of string: CBORHead) throws(CBORFault) -> UnsafeRawBufferPointer? {
        if try readBreak() { return nil }
        let head = try head()
        guard head.major == string.major, !head.isIndefinite else {
            throw CBORFault(.malformed, "a chunk of another type than its string", found: head)
        }
        return try take(head.argument)
    }
}
