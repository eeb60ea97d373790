/// What joins the silos of a ``TestCluster``.
public struct TestNetwork: Hashable, Sendable {
    enum Kind: Hashable {
        case inProcess
        case tcp
    }

    let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// A network in the process, which can be cut, and whose silos can be killed and frozen: what a cluster has unless said
    /// otherwise.
    ///
    /// Calls are encoded, framed and kept in order as over TCP; only sockets and threads are missing.
    public static let inProcess = TestNetwork(.inProcess)

    /// TCP over the loopback interface, which cannot be disturbed: for tests that want the real thing.
    public static let tcp = TestNetwork(.tcp)
}
