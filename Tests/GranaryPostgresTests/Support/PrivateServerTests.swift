import Testing

/// The suites that start servers of their own, one after the other: many at once would only wait for each other.
@Suite(.serialized) enum PrivateServerTests {}
