/// What a search for one match came to.
enum MatchOutcome {
  case none
  case match(Range<Int>)
  /// A limit of the engine was hit: whether there is a match is not known.
  case limit
}
