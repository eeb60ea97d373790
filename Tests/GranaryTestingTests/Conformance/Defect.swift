/// What a provider's author may get wrong.
enum Defect: String, CaseIterable, Sendable {
    case none
    case overwritesWhateverIsThere
    case expectsNothingWhereItIsToldSo
    case deletesClearedRows
    case checksOnlyTheFirstOfAGroup
    case writesAGroupUpToTheConflict
    case refusesRepeats
    case takesAHalfRepeatForDone
    case ignoresFences
    case fencesLeavingMembers
    case letsJoiningMembersSave
    case joinsTheKeyParts
    case ignoresCase
    case comparesCanonically
    case cutsAtNUL
    case dropsVersions
    case answersOutOfOrder
    case takesNullForCleared
    case hidesTheStoredEtag
    case reportsOnlyOneConflict
    case reportsStatesWithoutConflict
    case comparesHalfTheEtag
    case keepsTheOldEtagForEqualValues
    case checksBeforeItLocks
    case damagesBigValues
    case roundsNumbers
}
