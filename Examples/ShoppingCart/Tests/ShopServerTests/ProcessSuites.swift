import Testing

/// What runs real processes runs one after the other.
@Suite(.serialized) enum ProcessSuites {}
