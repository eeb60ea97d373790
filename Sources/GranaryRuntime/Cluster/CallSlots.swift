/// Calls that are not answered yet, found by their numbers without hashing.
///
/// A number holds the call's place and how many numbers were given before it, so that no two calls have the same one: of
/// its 60 bits 36 count, and start again after 69 billion calls.
struct CallSlots<Call: Sendable>: Sendable {
    private struct Slot: Sendable {
        var number: UInt64 = 0
        var call: Call?
    }

    private static var placeBits: UInt64 { 24 }
    private static var countBits: UInt64 { 36 }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private var given: UInt64 = 0

    /// Whether there are no calls.
    var isEmpty: Bool { slots.count == free.count }

    /// The calls with their numbers.
    var all: some Sequence<(number: UInt64, call: Call)> {
        slots.lazy.compactMap { slot in slot.call.map { (slot.number, $0) } }
    }

    /// The call of a number.
    func find(_ number: UInt64) -> Call? {
        let place = Int(truncatingIfNeeded: number & (1 << Self.placeBits - 1))
        return place < slots.count && slots[place].number == number ? slots[place].call : nil
    }

    /// Changes every call.
    mutating func changeEach(_ body: (inout Call) -> Void) {
        for index in slots.indices {
            if var call = slots[index].call {
                body(&call)
                slots[index].call = call
            }
        }
    }

    /// Files a call and gives it a number, which is never 0.
    ///
    /// - Parameter make: Makes the call of a number.
    /// - Returns: The number.
    mutating func insert(_ make: (_ number: UInt64) -> Call) -> UInt64 {
        let place: Int
        if let last = free.popLast() {
            place = last
        } else {
            place = slots.count
            slots.append(Slot())
        }
        given = given + 1 < 1 << Self.countBits ? given + 1 : 1
        let number = given << Self.placeBits | UInt64(place)
        slots[place] = Slot(number: number, call: make(number))
        return number
    }

    /// Takes a call out; `nil` when it is not there, for instance because somebody else took it.
    mutating func remove(_ number: UInt64) -> Call? {
        let place = Int(truncatingIfNeeded: number & (1 << Self.placeBits - 1))
        guard place < slots.count, slots[place].number == number, let call = slots[place].call.take() else {
            return nil
        }
        free.append(place)
        return call
    }
}
