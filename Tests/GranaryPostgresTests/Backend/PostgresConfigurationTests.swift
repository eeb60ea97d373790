import Configuration
import GranaryCore
import Testing

@testable import GranaryPostgres

/// Settings from environment variables and options.
@Suite struct PostgresConfigurationTests {
    private func read(_ variables: [String: String]) throws -> PostgresConfiguration {
        try PostgresConfiguration(
            config: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)))
    }

    @Test func variablesChangeTheDefaults() throws {
        let configuration = try read([
            "GRANARY_POSTGRES_URL": "postgresql://shop:s3cret@db/shop", "GRANARY_POSTGRES_MAX_CONNECTIONS": "4",
            "GRANARY_POSTGRES_STATEMENT_TIMEOUT": "2.5",
        ])
        #expect(configuration.connectionString == "postgresql://shop:s3cret@db/shop")
        #expect(configuration.maxConnections == 4)
        #expect(configuration.statementTimeout == .milliseconds(2_500))
        #expect(configuration.acquireTimeout == PostgresConfiguration("").acquireTimeout)
    }

    @Test(arguments: [
        "postgresql://shop:s3cret@a:5432,b:5433/shop?target_session_attrs=read-write", "postgresql://a,b/shop",
        "host=/run/a,/run/b port=1,2 password='one,, two, three ,'",
    ])
    func aConnectionStringWithSeveralHostsIsReadAsItIsWritten(url: String) throws {
        let variables = EnvironmentVariablesProvider(environmentVariables: ["GRANARY_POSTGRES_URL": url])
        #expect(try PostgresConfiguration(config: ConfigReader(provider: variables)).connectionString == url)
        for arguments in [["--granary-postgres-url", url], ["--granary-postgres-url=\(url)"]] {
            let options = CommandLineArgumentsProvider(arguments: ["program"] + arguments)
            let read = try PostgresConfiguration(config: ConfigReader(provider: options))
            #expect(read.connectionString == url)
            #expect(read.listenConnectionString == nil)
            let other = EnvironmentVariablesProvider(environmentVariables: ["GRANARY_POSTGRES_URL": "host=other"])
            let both = ConfigReader(providers: [options, other])
            #expect(try PostgresConfiguration(config: both).connectionString == url)
            let reversed = ConfigReader(providers: [other, options])
            #expect(try PostgresConfiguration(config: reversed).connectionString == "host=other")
        }
    }

    @Test func theConnectionThatListensMayHaveAStringOfItsOwn() throws {
        let configuration = try read([
            "GRANARY_POSTGRES_URL": "host=pooler", "GRANARY_POSTGRES_LISTEN_URL": "host=a,b password=s3cret",
        ])
        #expect(configuration.connectionString == "host=pooler")
        #expect(configuration.listenConnectionString == "host=a,b password=s3cret")
        #expect(!"\(configuration)".contains("s3cret"))
        #expect(!String(reflecting: configuration).contains("s3cret"))
    }

    @Test(arguments: [
        ("GRANARY_POSTGRES_MAX_CONNECTIONS", "0"), ("GRANARY_POSTGRES_MAX_CONNECTIONS", "17"),
        ("GRANARY_POSTGRES_MAX_CONNECTIONS", "many"), ("GRANARY_POSTGRES_STATEMENT_TIMEOUT", "0"),
        ("GRANARY_POSTGRES_CONNECT_TIMEOUT", "-1"), ("GRANARY_POSTGRES_IDLE_TIMEOUT", "soon"),
    ])
    func aValueThatMakesNoSenseIsRefusedByName(variable: String, value: String) throws {
        let error = #expect(throws: StorageError.self) { try read([variable: value]) }
        #expect(error?.code == .configuration)
        let key = variable.dropFirst("GRANARY_POSTGRES_".count).lowercased().split(separator: "_").joined(
            separator: "-")
        #expect(error?.message.contains("granary.postgres.\(key) is '\(value)'") == true)
    }
}
