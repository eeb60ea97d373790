@_exported public import GranaryCore
@_exported public import GranaryRuntime
@_exported public import GranaryTransport

// What `context.logger` and `Silo(logger:)` are of: a grain that logs needs no import of its own.
@_exported public import struct Logging.Logger
