import Cairn
import Commands
import Rendering
import Testing

/// What is drawn on a terminal alone.
@Suite struct TerminalTextTests {
  @Test func `the question's words are marked, whatever their case, and its filters and fillers are not`() {
    let highlighter = Highlighter(query: "where is the Parse_date lang:python kind:function date")
    #expect(
      highlighter.mark("def parse_DATE(Date): lang where", with: { "<\($0)>" })
        == "def <parse_DATE>(<Date>): lang where")
    #expect(Highlighter(query: "où été").mark("l'été", with: { "<\($0)>" }) == "l'<été>")
    #expect(Highlighter(query: "").mark("x", with: { "<\($0)>" }) == "x")
    let filtered = Highlighter(query: "file:lang symbol:open -lang:green lines")
    #expect(filtered.mark("lang open green lines", with: { "<\($0)>" }) == "lang open green <lines>")
  }

  @Test(arguments: [
    ("şifre", "x ŞİFRE y", "x <ŞİFRE> y"), ("ŞİFRE", "let şifre = 1", "let <şifre> = 1"),
    ("sifre", "Şifre!", "<Şifre>!"), ("istanbul", "İSTANBUL", "<İSTANBUL>"),
    ("créer", "cre\u{301}er", "<cre\u{301}er>"),
    ("cre\u{301}er", "créer", "<créer>"), ("fullwidth", "＝ｆｕｌｌｗｉｄｔｈ＝", "＝<ｆｕｌｌｗｉｄｔｈ>＝"),
    ("straße", "STRASSE", "<STRASSE>"), ("strasse", "Straße 1", "<Straße> 1"), ("łódź", "Lodz Łódź", "<Lodz> <Łódź>"),
    ("привет", "ПРИВЕТ", "<ПРИВЕТ>"), ("配置文件", "读取配置文件。", "读取<配置文件>。"),
    ("été", "e\u{301}te\u{301}\u{301}s", "<e\u{301}te\u{301}\u{301}>s"),
  ]) func `spellings that the index takes for one are marked as one`(word: String, line: String, marked: String) {
    let highlighter = Highlighter(query: word)
    #expect(highlighter.mark(line, with: { "<\($0)>" }) == marked)
    let first = Array(marked.utf8).firstIndex(of: UInt8(ascii: "<")) ?? 0
    #expect(highlighter.firstMark(in: line).lowerBound == first)
  }

  @Test func `the progress line says how far, how fast and how long, and fits its terminal`() {
    var progress = IndexProgress.beginning
    (progress.stage, progress.filesDone, progress.filesTotal) = (.indexing, 50, 200)
    (progress.bytesDone, progress.bytesTotal) = (5_000_000, 20_000_000)
    #expect(
      ProgressText.line(progress, seconds: 2, columns: 100)
        == "indexing  ███████░░░░░░░░░░░░░░░░░░░░░░░ 50/200 files  5.0 MB  2.5 MB/s  ~6 s left")
    for columns in 2..<120 {
      let line = ProgressText.line(progress, seconds: 2, columns: columns)
      #expect(line.unicodeScalars.reduce(0) { $0 + columnCount(of: $1) } < columns)
    }
    var empty = IndexProgress.beginning
    (empty.stage, empty.filesTotal, empty.bytesTotal) = (.indexing, 0, 0)
    #expect(ProgressText.line(empty, seconds: 0, columns: 60).hasPrefix("indexing  ░"))
    var walking = IndexProgress.beginning
    walking.filesDone = 7
    #expect(ProgressText.line(walking, seconds: 1, columns: 80) == "finding files  7")
  }
}
