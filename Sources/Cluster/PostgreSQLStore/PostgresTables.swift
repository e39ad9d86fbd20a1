import Primitives

/// The tables of one collection, which go with it at once. A collection has its own, so that a graph of vectors and the
/// statistics of the planner are of one repository and one model.
///
/// | table | what |
/// |---|---|
/// | `file_N` | path, language, content hash, the numbers of its chunks, its bytes |
/// | `chunk_N` | lines and symbols (`ChunkCoding`), kinds of symbols as bits, length; 4-bit planes, half vector |
/// | `posting_N` | for each term and each transaction that brought chunks with it, the postings (`PostingRuns`) |
/// | `dead_N` | the numbers of chunks that are gone and still in postings; `optimise` empties it |
struct PostgresTables {
  let file: String
  let chunk: String
  let posting: String
  let dead: String
  let vectorIndex: String

  init(_ key: Int64) {
    file = "cairn.file_\(key)"
    chunk = "cairn.chunk_\(key)"
    posting = "cairn.posting_\(key)"
    dead = "cairn.dead_\(key)"
    vectorIndex = "chunk_\(key)_vector"
  }

  func creation(dimensions: Int) -> [String] {
    // Beside the row, an exact scan reads it without a look-up for each; longer ones do not fit into a page.
    let inRow = dimensions <= 2000 ? ["ALTER TABLE \(chunk) ALTER vector SET STORAGE PLAIN"] : []
    return [
      """
      CREATE TABLE \(file) (
        id int PRIMARY KEY, path bytea NOT NULL UNIQUE, language text NOT NULL, kind int2 NOT NULL,
        hash bytea NOT NULL, first_chunk int NOT NULL, chunk_count int NOT NULL, text bytea)
      """,
      """
      CREATE TABLE \(chunk) (
        id int PRIMARY KEY, file int NOT NULL, hash int NOT NULL, length_code int2 NOT NULL, kinds int NOT NULL,
        record bytea NOT NULL, planes bytea NOT NULL, vector halfvec(\(max(1, dimensions))) NOT NULL)
      """,
      """
      CREATE TABLE \(posting) (
        field int2 NOT NULL, term bytea NOT NULL, first_chunk int NOT NULL, count int NOT NULL, runs bytea NOT NULL,
        PRIMARY KEY (term, field, first_chunk))
      """,
      "CREATE TABLE \(dead) (first_chunk int PRIMARY KEY, chunk_count int NOT NULL)",
    ] + inRow
  }

  var removal: [String] { [file, chunk, posting, dead].map { "DROP TABLE IF EXISTS \($0)" } }
}
