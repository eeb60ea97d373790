/// What a silo asks of its backend, as far as ``StorageFaults`` can disturb it.
public struct StorageOperation: Hashable, Sendable, CustomStringConvertible {
    /// The name, for messages.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// Opening the backend.
    public static let connect = StorageOperation("connect")
    /// Loading states.
    public static let load = StorageOperation("load")
    /// Saving states.
    public static let save = StorageOperation("save")
    /// Renewing the lease.
    public static let renew = StorageOperation("renew")
    /// Reading and changing the list of silos.
    public static let membership = StorageOperation("membership")
}
