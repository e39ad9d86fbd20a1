import Chunking
import Primitives
import Segments
import Testing

/// Words of scripts beyond ASCII, as text and query are split alike.
@Suite struct ScriptSplitterTests {
  private let analyzer = Analyzer()

  @Test(arguments: [
    // A run without spaces is its pairs; beside each pair is its first letter, and at the end the last.
    ("读取配置", "读取 读 取配 取 配置 配 置"),
    ("默认值，返回", "默认 默 认值 认 值 返回 返 回"),
    ("「設定」を読む", "設定 設 定 を読 を 読む 読 む"),
    ("車", "車"),
    ("ユーザー", "ユー ユ ーザ ー ザー ザ ー"),
    ("세션이 만료", "세션 세 션이 션 이 만료 만 료"),
    ("HTTP请求parseJSON", "http 请求 请 求 parsejson parse json"),
    ("订单_管理器2", "订单 订 单 管理 管 理器 理 器"),
    // Letters of Thai, Lao, Khmer and Myanmar stand with their signs.
    ("ที่อยู่", "ที่อ ที่ อยู่ อ ยู่"),
    ("ຊື່", "ຊື່"),
    ("ខ្មែរ", "ខ្មែ ខ្ មែរ មែ រ"),
  ])
  func `text of scripts without spaces becomes pairs of letters`(text: String, words: String) {
    #expect(analyzer.words(of: text).joined(separator: " ") == words)
  }

  @Test(arguments: [
    ("créer", "créer creer"), ("Łódź", "łódź lodz"), ("ŞİFRE", "şifre sifre"), ("ısı", "ısı isi"),
    ("Straße", "strasse"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ σισυφοσ"), ("σίσυφος", "σίσυφοσ σισυφοσ"), ("ﬁle", "file"),
    ("ＨＴＴＰＳerver", "httpserver http server"), ("ﾊﾟｽﾜｰﾄﾞ", "パス パ スワ ス ワー ワ ード ー ド"),
    ("Øresund", "øresund oresund"), ("Æsir", "æsir aesir"), ("ёлка", "ёлка елка"), ("мой", "мой"), ("їжак", "їжак"),
    ("шалом שָׁלוֹם", "шалом שָׁלוֹם שלום"), ("مُدَرِّس", "مُدَرِّس مدرس"), ("می‌خواهم", "میخواهم"),
    ("हिन्दी", "हिन्दी"), ("créer_fichier", "créer_fichier creer_fichier créer creer fichier"),
    ("grünÜberÉtat2x", "grünüberétat2x grunuberetat2x grün grun über uber état etat"),
    ("soft\u{AD}hyphen", "softhyphen"), ("m²", ""), ("Foo™", "foo"), ("a\u{200B}bc", "bc"), ("٣٤ ab", "٣٤ ab"),
  ])
  func `words are folded, and plain spellings stand beside them`(text: String, words: String) {
    #expect(analyzer.words(of: text).joined(separator: " ") == words)
  }

  @Test func `a question's run is its pairs, and a letter alone is itself`() {
    #expect(
      analyzer.scriptWords(of: "配置文件") == [ScriptWord(text: "配置文件", parts: ["配置", "置文", "文件"], isRun: true)])
    #expect(analyzer.scriptWords(of: "車") == [ScriptWord(text: "車", parts: ["車"], isRun: true)])
    #expect(
      analyzer.scriptWords(of: "créerURL") == [
        ScriptWord(text: "créerurl", plain: "creerurl", parts: ["créer", "creer", "url"], isRun: false)
      ])
  }

  @Test func `what stands inside of a run is found by its pairs, however long the run is`() {
    var random = SeededRandom(seed: 31)
    let letters = Array("读取配置文件如果不存在则返回默认值ユーザー認証の有効期限사용자세션만료กขคงจฉชซที่นำ")
    for _ in 0..<200 {
      let run = (0..<Int.random(in: 2...3000, using: &random)).map { _ in letters.randomElement(using: &random)! }
      let words = Set(analyzer.words(of: String(run)))
      for _ in 0..<10 {
        let start = Int.random(in: 0..<run.count, using: &random)
        let end = Int.random(in: (start + 1)...min(run.count, start + 40), using: &random)
        let question = analyzer.scriptWords(of: String(run[start..<end]))
        #expect(question.allSatisfy { $0.isRun && $0.parts.allSatisfy(words.contains) })
      }
    }
  }

  @Test func `each letter of a long run counts once`() {
    let text = Array(String(repeating: "一二三四五六七八九十", count: 400).utf8)
    let terms = analyzer.terms(of: [Chunk(bytes: 0..<text.count, lines: 1...1)], in: text.span, path: "")
    #expect(terms.lengths == [3999])
    var frequencies: [Term: UInt8] = [:]
    terms.visit(chunk: 0) { frequencies[$0] = $1 }
    #expect(frequencies.count == 20)
  }

  @Test func `a run of twelve thousand letters costs bytes in proportion`() {
    let letters = (0..<12_000).map { Unicode.Scalar(UInt32(0x4E00 + $0 % 500))! }
    let text = Array(String(String.UnicodeScalarView(letters)).utf8)
    let terms = analyzer.terms(of: [Chunk(bytes: 0..<text.count, lines: 1...1)], in: text.span, path: "")
    var count = 0
    terms.visit(chunk: 0) { _, _ in count += 1 }
    // 500 letters and 500 pairs, each once.
    #expect(count == 1000)
  }

  @Test func `words of Greek are cut where those of ASCII are`() {
    var random = SeededRandom(seed: 5)
    let twins = [UInt8(ascii: "a"): "α", UInt8(ascii: "b"): "β", UInt8(ascii: "A"): "Α", UInt8(ascii: "B"): "Β"]
    func greek(_ name: [UInt8]) -> String {
      name.map { twins[$0] ?? String(decoding: [$0], as: UTF8.self) }.joined()
    }
    for _ in 0..<3000 {
      // Two letters for each, so that no word or part is too short in one of the scripts.
      let name = (0..<Int.random(in: 2...8, using: &random)).flatMap { _ in
        let letter = Array("abABab_1").randomElement(using: &random)!.utf8.first!
        return [letter, letter]
      }
      guard name.contains(where: { twins[$0] != nil }), name[0] != UInt8(ascii: "1") else { continue }
      let ascii = analyzer.words(of: String(decoding: name, as: UTF8.self)).filter { $0.utf8.count > 1 }
      let ofGreek = analyzer.words(of: greek(name)).filter { $0.unicodeScalars.count > 1 }
      #expect(ofGreek == ascii.map { greek(Array($0.utf8)) }, "\(greek(name))")
    }
  }

  @Test func `any bytes give words that are UTF-8 and the same from a copy of their text`() {
    var random = SeededRandom(seed: 77)
    for _ in 0..<500 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        if Int.random(in: 0..<8, using: &random) == 0 {
          bytes.append(UInt8.random(in: 0...255, using: &random))
        } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x3FFFF, using: &random)) {
          bytes += Array(String(scalar).utf8)
        }
      }
      var list = WordList()
      list.append(wordsOf: bytes.span)
      for word in list.words {
        let text = String(validating: list.bytes[word], as: UTF8.self)
        #expect(text != nil && word.count <= 64)
      }
    }
  }
}
