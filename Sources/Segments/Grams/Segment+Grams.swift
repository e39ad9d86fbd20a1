package import Primitives

extension Segment {
  /// The numbers of the files that may hold what `query` says, tombstoned or not; nil where there are no n-grams that
  /// can be read.
  package func candidateFiles(for query: GramQuery) -> BitSet? { nil }

  /// Why `candidateFiles` gives nil; nil if it does not. Damage is found when what is damaged is first read.
  package var gramAbsence: GramAbsence? { .notStored }
}
