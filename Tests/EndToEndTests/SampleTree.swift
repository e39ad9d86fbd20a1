import Foundation
import Primitives
import TestSupport
import Testing

extension CairnProgram {
  /// Writes the sample and indexes it in two runs, so that there is a second segment to keep.
  func indexSampleTwice() throws {
    try writeSample()
    #expect(try run("index", "--quiet").code == 0)
    try write("src/added.py", "def added_landmark():\n    return 1\n")
    #expect(try run("index", "--quiet").code == 0)
  }

  /// A small project in three languages.
  func writeSample() throws(Failure) {
    try write(
      "src/dates.py",
      """
      def parse_email_date(header):
          \"\"\"Parse a date from an email header.\"\"\"
          fields = header.split(" ")
          return tuple(int(field) for field in fields)


      class Calendar:
          def leap_year(self, year):
              return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

      """)
    try write(
      "src/server.js",
      """
      // Sessions expire after an hour without a request.
      function expireSessions(sessions, now) {
        return sessions.filter((session) => now - session.lastSeen < 3600);
      }

      function listenOnPort(port) {
        return createServer(expireSessions).listen(port);
      }

      """)
    try write(
      "lib/matrix.c",
      """
      /* Multiply two square matrices of size n. */
      void multiply_matrices(const double *a, const double *b, double *out, int n) {
        for (int i = 0; i < n; i++)
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
            out[i * n + j] = sum;
          }
      }

      """)
    try write("notes/readme.md", "# Notes\n\nHow to multiply, parse and listen.\n")
  }
}

extension ProgramResult {
  /// The lines of standard output as JSON objects; a line that is none is a failure of the test.
  func objects() throws -> [[String: Any]] {
    try outputText.split(separator: "\n").map { line in
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
        throw Failure(.wrongFormat, "a line is no object: \(line)")
      }
      return object
    }
  }

  func objects(_ type: String) throws -> [[String: Any]] { try objects().filter { $0["type"] as? String == type } }
  func paths() throws -> [String] { try objects("result").compactMap { $0["path"] as? String } }
}

extension [String: Any] {
  func number(_ name: String) -> Int? { (self[name] as? NSNumber)?.intValue }
  func text(_ name: String) -> String? { self[name] as? String }
}
