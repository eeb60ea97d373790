import Foundation
import GranaryTestSupport
import ShopClient

/// A headless Chromium, driven through chromedriver by the WebDriver protocol.
/// https://www.w3.org/TR/webdriver2/
final class Browser: Sendable {
    private let driver: ChildProcess
    private let http: HTTPClient
    private let session: String

    private init(driver: ChildProcess, http: HTTPClient, session: String) {
        self.driver = driver
        self.http = http
        self.session = session
    }

    /// Opens a browser, and closes it when the body has ended.
    ///
    /// - Parameters:
    ///   - width: The window's width, in CSS pixels.
    ///   - height: The window's height, in CSS pixels.
    ///   - body: Uses the browser.
    /// - Throws: What the body throws, or why there is no browser.
    static func open(width: Int = 1280, height: Int = 1000, _ body: (Browser) async throws -> Void) async throws {
        let port = try FreePort.find()
        let driver = try ChildProcess(["chromedriver", "--port=\(port)", "--silent"])
        let http = HTTPClient(port: port, timeout: .seconds(60))
        do {
            try await until("chromedriver is there") {
                (try? await http.send("GET", "/status").text.contains("\"ready\":true")) ?? false
            }
            let options: [String: any Sendable] = [
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--window-size=\(width),\(height)",
                ]
            ]
            let wanted: [String: any Sendable] = ["browserName": "chrome", "goog:chromeOptions": options]
            let capabilities: [String: any Sendable] = ["alwaysMatch": wanted]
            let answer = try await ask(http, "POST", "/session", ["capabilities": capabilities])
            guard let session = (answer as? [String: Any])?["sessionId"] as? String else {
                throw HTTPFailure(description: "no session: \(answer)")
            }
            let browser = Browser(driver: driver, http: http, session: session)
            do {
                try await body(browser)
            } catch {
                _ = try? await browser.command("DELETE", "")
                throw error
            }
            _ = try await browser.command("DELETE", "")
        } catch {
            end(driver)
            throw error
        }
        end(driver)
    }

    /// Ends chromedriver, whose browser is closed with its session.
    private static func end(_ driver: ChildProcess) {
        driver.signal(SIGTERM)
        driver.wait()
    }

    /// Goes to a page.
    func go(to url: String) async throws { try await command("POST", "/url", ["url": url]) }

    /// Loads the page again.
    func reload() async throws { try await command("POST", "/refresh", [:]) }

    /// Runs a script in the page.
    ///
    /// - Returns: What the script returns, as text.
    func run(_ script: String) async throws -> String {
        let value = try await command(
            "POST", "/execute/sync", ["script": "return String((() => { \(script) })())", "args": [String]()])
        return value as? String ?? ""
    }

    /// The text of the first element that a CSS selector finds; empty where there is none.
    func text(_ selector: String) async throws -> String {
        try await run("return document.querySelector('\(selector)')?.textContent.trim() ?? ''")
    }

    /// Clicks, as a mouse does, on the first element that a CSS selector finds.
    func click(_ selector: String) async throws {
        let element = try await command("POST", "/element", ["using": "css selector", "value": selector])
        guard let id = (element as? [String: String])?.values.first else {
            throw HTTPFailure(description: "no element \(selector)")
        }
        try await command("POST", "/element/\(id)/click", [:])
    }

    /// Takes a picture of the window, as PNG.
    func screenshot() async throws -> Data {
        let value = try await command("GET", "/screenshot")
        return Data(base64Encoded: value as? String ?? "") ?? Data()
    }

    @discardableResult
    private func command(_ method: String, _ path: String, _ body: [String: any Sendable]? = nil) async throws -> Any {
        try await Self.ask(http, method, "/session/\(session)\(path)", body)
    }

    private static func ask(
        _ http: HTTPClient, _ method: String, _ path: String, _ body: [String: any Sendable]? = nil
    ) async throws -> Any {
        let bytes = try body.map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) } ?? []
        let answer = try await http.send(
            method, path, headers: ["Content-Type": "application/json; charset=utf-8"], body: bytes)
        let value = try (JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])?["value"]
        guard answer.status == 200 else { throw HTTPFailure(description: "\(method) \(path): \(answer.text)") }
        return value ?? NSNull()
    }
}
