import Disk
import Primitives
import SQLite

/// Runs SQL past the catalog's own code.
func execute(_ sql: String, in database: FilePath) -> Bool {
  let wording = DatabaseWording(name: "it")
  guard let file = try? HeldName(database),
    let connection = try? SQLiteConnection(file, access: .readWrite, wording: wording)
  else { return false }
  return (try? connection.execute(sql)) != nil
}
