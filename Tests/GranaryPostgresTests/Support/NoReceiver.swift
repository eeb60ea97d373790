import GranaryCore

/// Takes answers that no test looks at.
final class NoReceiver: LoadReceiver, SaveReceiver {
    func loaded(_ result: Result<LoadedStates, any Error>) {}
    func saved(_ result: Result<StateSaveOutcome, any Error>) {}
}
