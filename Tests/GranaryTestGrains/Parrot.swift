public import Granary

/// Gives back what it gets.
@Grain("parrot")
public actor Parrot {
    /// Gives back what it gets.
    @ReadOnly public func echo(_ bytes: [UInt8]) -> [UInt8] { bytes }

    /// The process that it is in.
    @ReadOnly public func process() -> Int32 { TallyProcess.identifier }
}
