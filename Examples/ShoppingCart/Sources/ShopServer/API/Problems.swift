import Granary
import Hummingbird
import Logging
import ShopAPI
import ShopGrains

/// Turns errors into responses that say what to do.
struct Problems: RouterMiddleware {
    func handle(
        _ request: Request, context: ShopContext,
        next: @concurrent (Request, ShopContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as ShopError {
            return try Self.response(to: error)
        } catch let error as GrainError {
            return try Self.response(to: error, context.logger)
        } catch let error as HTTPError {
            let code = error.status == .notFound ? "notFound" : "badRequest"
            return try JSON.response(
                ProblemBody(error: .init(code: code, message: error.body ?? error.status.reasonPhrase)),
                status: error.status)
        } catch is CancellationError {
            return try Self.busy("The shop is closing; the request was not carried out to its end.")
        } catch {
            context.logger.error("a request failed", metadata: ["error": "\(error)"])
            return try JSON.response(
                ProblemBody(error: .init(code: "internal", message: "Something went wrong in the shop.")),
                status: .internalServerError)
        }
    }

    static func response(to error: ShopError, order: Order? = nil) throws -> Response {
        let body = ProblemBody(error: .init(error), order: order.map(OrderBody.init))
        let status = status(of: error.code)
        return try JSON.response(
            body, status: status, headers: status == .serviceUnavailable ? [.retryAfter: "1"] : [:])
    }

    private static func status(of code: ShopError.Code) -> HTTPResponse.Status {
        switch code {
        case .unknownProduct, .unknownOrder: .notFound
        case .invalidCustomer, .invalidQuantity: .badRequest
        case .paymentDeclined: HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
        case .paymentUnavailable: .serviceUnavailable
        default: .conflict
        }
    }

    private static func response(to error: GrainError, _ logger: Logger) throws -> Response {
        logger.warning("a grain could not answer", metadata: ["error": "\(error)"])
        switch error.code {
        case .overloaded, .siloUnavailable, .fenced, .storageUnavailable, .activationFailed, .stateConflict:
            return try busy("The shop is busy. Nothing was changed; please try again in a moment.")
        case .timeout, .outcomeUnknown:
            return try JSON.response(
                ProblemBody(
                    error: .init(
                        code: "outcomeUnknown",
                        message: "The shop did not answer in time. Look at the cart before you try again.")),
                status: .gatewayTimeout)
        default:
            return try JSON.response(
                ProblemBody(error: .init(code: "internal", message: "Something went wrong in the shop.")),
                status: .internalServerError)
        }
    }

    /// A response that asks to come again.
    static func busy(_ message: String) throws -> Response {
        try JSON.response(
            ProblemBody(error: .init(code: "unavailable", message: message)), status: .serviceUnavailable,
            headers: [.retryAfter: "1"])
    }
}
