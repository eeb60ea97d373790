/// A rule left out on purpose, to show that the simulation notices.
package enum SimulatedFlaw: String, CaseIterable, Sendable, Hashable {
    /// Views are computed from whatever was read last, without comparing (against I1).
    case blindBump
    /// The obvious ownership rule (against I2).
    case releasedOrDead
    /// A lease is taken to last for ever (against I2, strict).
    case serveAfterLease
    /// A dead member counts as buried at once although the mode is strict (against I2, strict).
    case buryAtOnce
    /// A member that reads of its death says that it serves no more before its gates are closed (against I2, strict).
    case proveEarly
    /// A renewal reports every installed view as released (against I2).
    case skipWatermark
    /// Saves do not look at the saver's status (against I3).
    case noFenceCheck
    /// The next etag is made from the last one, so two writers make the same one (against I4). The fence, which stops the
    /// second writer as well, is left out with it.
    case reuseEtag
    /// A save is acknowledged when it is sent (against I5).
    case acknowledgeEarly
    /// What a failed statement should have saved is taken for saved (against S3 and I5).
    case trustFailedBatch
    /// A save without an answer is made anew with another etag, and judged by that alone (against S4 and I5).
    case freshEtagOnResend
    /// Turns that may write do not wait for changes that are unsaved for too long (against S8).
    case outliveWindow
    /// A turn that outlived the hand-over limit still saves (against O8 and I6).
    case leakySeal
    /// A grain is released while a save is unresolved (against I6).
    case releaseUnsaved
    /// Handed-over states are used whoever owned the grain in between (against I6).
    case trustHandovers
    /// A grain is activated although it was released in a view that is not installed yet (against I6).
    case trustNewerReleases
    /// Rows of ended members are swept as soon as the wall clock says so (against I2); about one run in a thousand
    /// shows it.
    case sweepEarly
    /// A hand-over that was not accepted is not reported as lost (against O6).
    case hideLoss
    /// A call without an answer is sent again by itself (against I7).
    case resend
    /// A call takes the new route while older ones are still out on the old one (against I8).
    case forwardWithoutOrder
    /// A silo that turned a call away admits later ones of the same route (against I8).
    ///
    /// It matters when a grain leaves a silo and comes back while a caller's calls are on a slow link: the first finds the
    /// gate closed, the second finds it open again and would start before the first, which is still on its way back.
    case forgetTurnedAway
    /// All parked grains wait until every grain that moves was let go (against I9).
    case waitForAll
    /// Silence is never suspicious (against I10).
    case neverSuspect
}
