/// The shape of a line's points, which tells lines apart where colours do not.
enum Mark: CaseIterable {
    case circle, square, triangle, diamond, cross

    /// Around the origin.
    var path: String {
        switch self {
        case .circle: "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z"
        case .square: "M-4.2 -4.2H4.2V4.2H-4.2Z"
        case .triangle: "M0 -5.4L5.2 4.2H-5.2Z"
        case .diamond: "M0 -5.8L5.4 0L0 5.8L-5.4 0Z"
        case .cross: "M-1.7 -5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5V-1.7H-1.7Z"
        }
    }
}
