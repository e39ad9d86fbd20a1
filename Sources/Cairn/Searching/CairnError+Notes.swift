extension CairnError.Code {
  /// There is no answer, and this is why.
  public static let noAnswer = Self(rawValue: "no-answer")
  /// What the query names is in the tree but not in the index.
  public static let leftOut = Self(rawValue: "left-out")
  /// A filter of the query can match nothing, or was not understood.
  public static let filter = Self(rawValue: "filter")
  /// Less is searched than the reader may think.
  public static let scope = Self(rawValue: "scope")
  /// A setting that limits the walk keeps files out of the index, so that another run like the last changes nothing.
  public static let limited = Self(rawValue: "limited")
  /// A collection of a shared store may lack files: a push or workers are at it, or were stopped.
  public static let storeIncomplete = Self(rawValue: "store-incomplete")
}
