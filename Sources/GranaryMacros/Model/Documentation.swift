import SwiftSyntax

extension SyntaxProtocol {
    /// The lines of the documentation comment, without indentation.
    var documentation: [String] {
        leadingTrivia.pieces.flatMap { piece -> [String] in
            switch piece {
            case .docLineComment(let text): [text]
            case .docBlockComment(let text):
                text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    String($0.drop(while: \.isWhitespace))
                }
            default: []
            }
        }
    }
}
