/// What a text must hold so that a pattern can match in it, as the plan of a pattern search has it: literals, joined by
/// "and" and "or". The n-grams of a segment rule out the files that cannot have them; a file that is left may still not
/// match.
///
/// Literals are bytes; letters of ASCII are compared without regard to their case, whatever case they are given in.
/// Only runs of printable ASCII and tabs say anything: a line break, another control character or a byte beyond ASCII
/// in a literal cuts it into the parts beside it, and a part that is shorter than a gram (three bytes) constrains
/// nothing. Who folds case by Unicode must know that `k` and `s` have partners beyond ASCII (U+212A, U+017F), which are
/// other bytes.
package indirect enum GramQuery: Hashable, Sendable {
  /// Rules out nothing.
  case everything
  /// Rules out every file.
  case nothing
  /// The text holds these bytes, one after the other.
  case literal([UInt8])
  /// All of these; `everything` if there are none.
  case and([GramQuery])
  /// One of these at least; `nothing` if there are none.
  case or([GramQuery])
}
