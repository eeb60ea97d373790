@_exported public import GranaryCore
@_exported public import GranaryRuntime
