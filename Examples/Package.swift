// swift-tools-version: 6.2

import PackageDescription

/// The settings of the root package.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "granary-examples",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "shop", targets: ["Shop"]),
        .executable(name: "shop-story", targets: ["ShopStory"]),
    ],
    dependencies: [
        // Named, so that a clone may have any folder name.
        .package(name: "granary", path: ".."),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Without its traits Hummingbird links no full Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "ShopGrains",
            dependencies: [
                .product(name: "Granary", package: "granary"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "ShoppingCart/Sources/ShopGrains",
            swiftSettings: settings),
        .target(
            name: "ShopAPI",
            path: "ShoppingCart/Sources/ShopAPI",
            swiftSettings: settings),
        .target(
            name: "ShopServer",
            dependencies: [
                "ShopAPI", "ShopGrains",
                .product(name: "Granary", package: "granary"),
                .product(name: "GranaryPostgres", package: "granary"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "ShoppingCart/Sources/ShopServer",
            resources: [.embedInCode("Page")],
            swiftSettings: settings),
        .executableTarget(
            name: "Shop",
            dependencies: ["ShopServer"],
            path: "ShoppingCart/Sources/Shop",
            swiftSettings: settings),
        .target(
            name: "ShopClient",
            dependencies: [
                "ShopAPI",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "ShoppingCart/Sources/ShopClient",
            swiftSettings: settings),
        .executableTarget(
            name: "ShopStory",
            dependencies: [
                "ShopAPI", "ShopClient",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "ShoppingCart/Sources/ShopStory",
            swiftSettings: settings),
        // The root package's own test support, reached by a link: it is no product.
        .target(
            name: "GranaryTestSupport",
            dependencies: [.product(name: "GranaryPostgres", package: "granary")],
            path: "ShoppingCart/Tests/GranaryTestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "ShopGrainsTests",
            dependencies: [
                "GranaryTestSupport", "ShopGrains",
                .product(name: "Granary", package: "granary"),
                .product(name: "GranaryPostgres", package: "granary"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "ShoppingCart/Tests/ShopGrainsTests",
            swiftSettings: settings),
        .testTarget(
            name: "ShopServerTests",
            dependencies: [
                "GranaryTestSupport", "Shop", "ShopAPI", "ShopClient", "ShopGrains", "ShopServer", "ShopStory",
                .product(name: "GranaryPostgres", package: "granary"),
            ],
            path: "ShoppingCart/Tests/ShopServerTests",
            swiftSettings: settings),
    ]
)
