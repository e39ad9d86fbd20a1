/// Which engine goes over texts. What PCRE2 finds at once RE2 may find slower, and where PCRE2 tries each place at
/// length RE2 does not: so each is timed over some text first, and the fastest goes on. They find the same lines.
struct EngineChoice {
  enum Engine: Int {
    case steps
    /// In linear time, over whole texts.
    case linear
    /// The same over lines that hold what is required; where nothing is, never tried.
    case linearInLines
  }

  private var isMade: Engine?
  private var tried = Engine.steps
  private var byteCount = 0
  private var time = Duration.zero
  /// Bytes in a microsecond, of those that were tried.
  private var speeds: [Double] = []
  /// Whether the automaton of linear time is there: what it has seen once it goes over faster.
  private var isWarm = false

  /// Text that one engine goes over before it is judged, and the time that it gets for that.
  static let trialByteCount = 128 << 10
  private static let trialTime = Duration.milliseconds(10)
  /// A speed that is enough to look no further.
  private static let fastEnough = 500.0

  /// What goes over the next piece of text.
  var engine: Engine { isMade ?? tried }

  /// Whether pieces of text should be short, and timed.
  var isTrial: Bool { isMade == nil }

  /// Takes one whatever was timed: there is no other, or the other exploded.
  mutating func take(_ engine: Engine) { isMade = engine }

  /// - Parameter isFiltered: whether something is required of lines.
  mutating func note(_ byteCount: Int, _ time: Duration, isFiltered: Bool) {
    if !isTrial { return }
    self.byteCount += byteCount
    self.time += time
    guard self.byteCount >= Self.trialByteCount || self.time >= Self.trialTime else { return }
    let speed = Double(self.byteCount) / max(1e-3, self.time / .microseconds(1))
    (self.byteCount, self.time) = (0, .zero)
    if tried == .linear, !isWarm {
      isWarm = true
      return
    }
    speeds.append(speed)
    if tried == .steps, speed < Self.fastEnough {
      tried = .linear
    } else if tried == .linear, isFiltered {
      tried = .linearInLines
    } else {
      let best = speeds.indices.max { speeds[$0] < speeds[$1] } ?? 0
      isMade = Engine(rawValue: best)
    }
  }
}
