import Hummingbird

/// The page, which is part of the program.
struct PageRoutes: Sendable {
    func add(to router: Router<ShopContext>) {
        let headers = Self.headers
        for (path, type, bytes) in [
            ("/", "text/html", PackageResources.index_html), ("/shop.css", "text/css", PackageResources.shop_css),
            ("/shop.js", "text/javascript", PackageResources.shop_js),
        ] {
            let body = ByteBuffer(bytes: bytes)
            router.get(RouterPath(path)) { _, _ in
                var headers = headers
                headers[.contentType] = "\(type); charset=utf-8"
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
            }
        }
    }

    /// The page runs its own script and style, talks to its own server, and stands in nobody's frame.
    private static var headers: HTTPFields {
        [
            .cacheControl: "no-cache",
            .contentSecurityPolicy:
                "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
            .xContentTypeOptions: "nosniff",
        ]
    }
}
