internal import GranaryCore

/// A silo that a client asked to tell it views.
struct Gateway: Sendable {
    let link: any TransportLink
    /// When the question was sent that is not answered yet.
    var asked: Duration?
    /// When it last said something.
    var heard: Duration?
}
