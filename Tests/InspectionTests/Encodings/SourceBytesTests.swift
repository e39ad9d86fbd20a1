import Foundation
import Inspection
import Primitives
import TestSupport
import Testing

/// Texts in the encodings that people still have, written by Python's codecs.
@Suite struct SourceBytesTests {
  private struct Sample: Sendable {
    var codecs: [String]
    var text: String
  }

  private static let samples = [
    Sample(
      codecs: ["gb18030", "gbk"],
      text: "# 读取配置文件，如果文件不存在则返回默认值\ndef load(path):\n    return 默认值\n"),
    Sample(codecs: ["gbk"], text: "int main() { // 计算总价\n  return 0;\n}\n"),
    Sample(codecs: ["big5"], text: "# 讀取設定檔，如果檔案不存在則傳回預設值\ndef load(path):\n    pass\n"),
    Sample(
      codecs: ["cp932", "euc_jp"],
      text: "# ユーザー認証トークンの有効期限を確認する\ndef check(t):\n    # 期限が切れていれば例外を投げる\n    pass\n"),
    Sample(
      codecs: ["euc_kr", "cp949"], text: "# 사용자의 세션이 만료되었는지 확인하고 종료한다\ndef kill(s):\n    pass\n"),
    Sample(
      codecs: ["cp1251", "koi8_r"],
      text: "# Проверяет, не истёк ли срок действия сеанса пользователя\ndef check(s):\n    pass\n"),
    Sample(
      codecs: ["cp1252", "latin-1"],
      text: "/* Vérifie que la clé a été créée; größer als 5° (façade, mañana) */\nint check(void);\n"),
    Sample(
      codecs: ["cp1250", "iso8859_2"],
      text: "# Sprawdza, czy sesja użytkownika wygasła, i zwraca błąd, jeśli połączenie się zerwało\nx = 1\n"),
    Sample(codecs: ["cp1250", "iso8859_2"], text: "// Wartość domyślna: długość łańcucha\nint x = 1;\n"),
    Sample(
      codecs: ["cp1250", "iso8859_2"],
      text: "/* Ověří, zda nevypršela platnost relace uživatele, a vrátí příslušnou chybu */\nint check(void);\n"),
    Sample(
      codecs: ["cp1250", "iso8859_2"],
      text: "// Kontroluje, či je súbor otvorený; ak nie, vráti chybu a skončí. Ďalší riadok číta až potom.\n"),
    Sample(
      codecs: ["cp1250", "iso8859_2"],
      text: "// Ellenőrzi, hogy a felhasználó munkamenete lejárt-e, és hibát küld; különben időt ad vissza\nint x;\n"),
    Sample(
      codecs: ["cp1253", "iso8859_7"],
      text: "# Ελέγχει αν έχει λήξει η συνεδρία του χρήστη και επιστρέφει σφάλμα\ndef check(s):\n    pass\n"),
    Sample(codecs: ["cp1253", "iso8859_7"], text: "// Άνοιγμα αρχείου ρυθμίσεων\nint x;\n"),
    Sample(
      codecs: ["cp1255", "iso8859_8"],
      text: "# בודק אם תוקף ההפעלה של המשתמש פג ומחזיר שגיאה\ndef check(s):\n    pass\n"),
    Sample(
      codecs: ["cp1256"],
      text: "# يتحقق من انتهاء صلاحية جلسة المستخدم ويعيد خطأ إذا كانت منتهية\ndef check(s):\n    pass\n"),
    Sample(
      codecs: ["cp1254", "iso8859_9"],
      text: "# Kullanıcı oturumunun süresi dolmuş mu diye bakar; şifre yanlışsa değeri geri çağırır\nx = 1\n"),
    Sample(codecs: ["cp1251", "koi8_r"], text: "// открыть файл\nint x;\n"),
    // What only looks a little like those stays Western.
    Sample(
      codecs: ["latin-1"], text: "// Les données sont lues où il faut, même à l'arrêt; ça reste très sûr\nint x;\n"),
    Sample(codecs: ["latin-1"], text: "// Não há milhões de opções só até amanhã; é o último avô\nint x;\n"),
    Sample(
      codecs: ["latin-1"], text: "// Læser størrelsen på en fil og gør én ændring mere, så længe det går\nint x;\n"),
    Sample(
      codecs: ["latin-1"],
      text: "// Athugar hvort lotan sé útrunnin og skilar villu; það er ýmist þörf eða óþörf\nint x;\n"),
    Sample(
      codecs: ["latin-1"],
      text: "// Kontrollib, kas kõik failid ja sõnumid on jõudnud õigel ajal üle võrgu läbi\nint x;\n"),
    Sample(codecs: ["latin-1"], text: "// Perché la città è più bella: così è, però no; ì ù ò à é\nint x;\n"),
    Sample(codecs: ["latin-1"], text: "// 5 m² = 50 m³ ± 1, ¼ - área ¹ y año; ¿qué más?\nint x;\n"),
    Sample(codecs: ["latin-1"], text: "// © 2003 Jörg Müller\nint x = 1;\n"),
    Sample(codecs: ["latin-1"], text: "// Änderung: Übergröße prüfen\nint y = 2;\n"),
    Sample(
      codecs: ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-8"],
      text: "class WombatLedger {\r\n  // Łódź 配置 😀\r\n}\r\n"),
    Sample(codecs: ["utf-16-le", "utf-16-be"], text: "配置文件\u{3000}如果\n文件不存在\n则返回默认值\nx = 1\n"),
  ]

  private static func encoded(_ text: String, _ codec: String) throws -> [UInt8] {
    try Python.output(
      of: "import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]).decode().encode(sys.argv[2]))",
      Python.hex(text), codec)
  }

  @Test func `text in every encoding that is recognised comes out as UTF-8`() throws {
    for sample in Self.samples {
      for codec in sample.codecs {
        let bytes = try Self.encoded(sample.text, codec)
        #expect(!bytes.isEmpty)
        #expect(String(decoding: SourceBytes.text(bytes), as: UTF8.self) == sample.text, "\(codec): \(sample.text)")
        // A beginning says so unless it is plain.
        let isPlain = codec == "utf-8"
        let saysPlain = SourceBytes.isText(bytes.span)
        #expect(saysPlain == isPlain, "\(codec)")
      }
    }
  }

  @Test(arguments: [
    ("gbk", ["读取配置", "计算总价", "打开文件失败", "返回结果", "初始化", "错误", "参数"]),
    ("big5", ["讀取設定", "計算總價", "開啟檔案失敗", "回傳結果", "初始化"]),
    ("cp932", ["ファイルを開く", "エラー", "設定を読み込む"]), ("euc_jp", ["ファイルを開く", "設定を読み込む"]),
    ("cp949", ["파일을 읽는다", "사용자 세션", "오류가 발생했습니다"]),
    ("cp1251", ["Ошибка", "Открыть файл", "чтение настроек"]),
    ("koi8_r", ["Ошибка", "Открыть файл", "чтение настроек"]),
    (
      "latin-1",
      ["é", "Änderung", "café", "© 2001", "Ä", "ÜBERGRÖSSE", "¿Qué?", "±5°", "«texte»", "ÅÄÖ", "São Paulo", "Øl"]
    ),
  ])
  func `a few words in a comment are enough`(codec: String, comments: [String]) throws {
    for comment in comments {
      let text = "int x; // \(comment)\nreturn 1;\n"
      #expect(
        String(decoding: SourceBytes.text(try Self.encoded(text, codec)), as: UTF8.self) == text, "\(codec): \(comment)"
      )
    }
  }

  /// Each character that the codec can write, among enough text of its language to be recognised.
  @Test(arguments: [
    (
      "gb18030", "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里",
      0x4E00...0x9FA5
    ),
    (
      "cp932", "これはテストです。ユーザーのファイルをよみこんでからしゅうりょうする。それでもまだつづくのでありますが",
      0x4E00...0x5200
    ),
    (
      "euc_jp", "これはテストです。ユーザーのファイルをよみこんでからしゅうりょうする。それでもまだつづくのでありますが",
      0x4E00...0x5200
    ),
    (
      "big5", "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡",
      0x4E00...0x5200
    ),
    (
      "cp949", "이는 사용자의 파일을 읽는 시험이다. 그리고 다시 한번 기다리는 것은 지금까지 하던 일의 마지막 단계이고 이에 대하여",
      0xAC00...0xAFFF
    ),
  ])
  func `every character is what the codec says`(codec: String, language: String, range: ClosedRange<Int>) throws {
    let script = """
      import sys
      base = bytes.fromhex(sys.argv[2]).decode()
      rare = ''.join(map(chr, range(int(sys.argv[3]), int(sys.argv[4]) + 1))).encode(sys.argv[1], 'ignore').decode(sys.argv[1])
      # There is no table for the characters of three bytes of EUC-JP.
      if sys.argv[1] == 'euc_jp': rare = ''.join(c for c in rare if len(c.encode('euc_jp')) == 2)
      for start in range(0, len(rare), 4):
        text = base + rare[start:start + 4] + '\\n'
        print(text.encode(sys.argv[1]).hex(), text.encode().hex())
      """
    let output = String(
      decoding: try Python.output(
        of: script, codec, Python.hex(language), "\(range.lowerBound)", "\(range.upperBound)"), as: UTF8.self)
    let lines = output.split(separator: "\n")
    #expect(lines.count > 50)
    for line in lines {
      let columns = line.split(separator: " ").map { Python.bytes(hex: $0) }
      let isSame = SourceBytes.text(columns[0]) == columns[1]
      #expect(isSame, "\(codec): \(String(decoding: columns[1], as: UTF8.self))")
    }
  }

  @Test func `ASCII and UTF-8 come back as they are, damaged or not`() {
    for text in ["", "int x;\n", "größe 配置\r\n", "a\u{2028}b\u{85}c\n", "line\r\nline\rhalf\n"] {
      #expect(SourceBytes.text(Array(text.utf8)) == Array(text.utf8))
    }
    let damaged = Array("naïve façade déjà vu über größe\n".utf8) + [0xE9, 0x0A]
    #expect(SourceBytes.text(damaged) == damaged)
    var cut = Array("x = '配置文件'\n".utf8)
    cut.removeLast(3)
    #expect(SourceBytes.text(cut) == cut)
    let isPlain = SourceBytes.isText(cut.span)
    #expect(isPlain)
  }

  @Test func `lines that end with carriage returns alone are lines`() {
    #expect(SourceBytes.text(Array("one\rtwo\rthree".utf8)) == Array("one\ntwo\nthree".utf8))
    let returns = Array("one\rtwo".utf8)
    let isPlain = SourceBytes.isText(returns.span)
    #expect(!isPlain)
  }

  private func reason(_ text: [UInt8]) -> SkipReason? { ContentInspector().reasonToSkip(text.span, path: "a.bin") }

  /// Lines without white space that are longer than what is looked at.
  private static let longLines = [
    "x", "=", "-*", "0,1,", "ab", "{}", "aé", "\u{2500}", "аб", "漢字", "가", "。", "\u{1F600}",
  ]

  @Test(arguments: longLines) func `UTF-16 is text for all the length of its first line and the few letters of it`(
    _ unit: String
  ) {
    for count in [70, 5_000, 20_000] {
      let line = String(repeating: unit, count: count / unit.utf16.count)
      let text = "\(line)\nlet value = 1\n"
      for isLittleEndian in [true, false] {
        let bytes = text.utf16.flatMap { unit in
          let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8))
          return isLittleEndian ? [low, high] : [high, low]
        }
        #expect(SourceBytes.text((isLittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]) + bytes) == Array(text.utf8))
        // Without a mark it is the NULs of ASCII that tell.
        if unit.utf8.allSatisfy({ $0 < 0x80 }) { #expect(SourceBytes.text(bytes) == Array(text.utf8)) }
      }
    }
  }

  /// Without a letter of ASCII, and with characters whose low byte is NUL (一, 가, the wide blank).
  private static let eastAsian = [
    "一个程序读取一个目录\n它把每个文件切成一块一块\n一切都有一个名字\n", "一、一般规定。\n二、一切单位和个人，一律遵守。\n",
    "這是一份沒有任何字母的檔案\n裡面只有漢字和換行\n", "これは一つの文書です\n一番上の行\n二行目はここ\n",
    "가게에 가서 가방을 가져가세요\n가장 가까운 가게\n", "版本 2.0\u{3000}一二三，四五六七八九十\r\n一月一日\r\n",
  ]

  @Test(arguments: eastAsian) func `text of East Asia in UTF-16 needs no mark and no letter of ASCII`(_ text: String) {
    for times in [1, 300] {
      let whole = String(repeating: text, count: times)
      for isLittleEndian in [true, false] {
        let bytes = whole.utf16.flatMap { unit in
          let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8))
          return isLittleEndian ? [low, high] : [high, low]
        }
        #expect(SourceBytes.text(bytes) == Array(whole.utf8), "\(isLittleEndian)")
        // One byte more or less, and it is another thing.
        for other in [bytes + [0], Array(bytes.dropFirst()) + [1, 2, 0]] {
          #expect(SourceBytes.text(other) == other)
        }
      }
    }
    // Too short to say in which order its bytes are.
    let short = [0x4E00, 0x4E00, 0x4E00, 0x0A].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(SourceBytes.text(short) == short)
  }

  @Test func `what is written in pairs of bytes is not taken for text of East Asia`() throws {
    var random = SeededRandom(seed: 21)
    func words(_ end: [UInt8]) -> [UInt8] {
      (0..<300).flatMap { _ in
        (0..<(2 * random.next(upTo: 9) + 2)).map { _ in UInt8(ascii: "a") + UInt8(random.next(upTo: 26)) } + end
      }
    }
    // Strings of an even length with NULs at even or odd places: as UTF-16 they would be ideographs with line breaks
    // between.
    for end in [[0x0A, 0], [0, 0x0A], [0x20, 0], [0, 0x20], [0, 0], [0x0A, 0, 0x20, 0]] as [[UInt8]] {
      let bytes = words(end)
      #expect(SourceBytes.text(bytes) == bytes, "\(end)")
    }
    // Numbers in which line breaks, the figure one and others stand.
    for _ in 0..<500 {
      var bytes: [UInt8] = []
      for _ in 0..<(30 + random.next(upTo: 100)) {
        let number = [0x0A, 0x4E00, 0x3000 + random.next(upTo: 0xCFFF), random.next(upTo: 0xFFFF)][random.next(upTo: 4)]
        bytes += [UInt8(number & 0xFF), UInt8(number >> 8)]
      }
      #expect(SourceBytes.text(bytes) == bytes)
    }
  }

  @Test func `no program, library or picture of this machine is text`() throws {
    var count = 0
    for directory in [
      "/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/share/pixmaps", "/usr/share/icons", "/usr/lib/locale",
    ] {
      guard let names = FileManager.default.enumerator(atPath: directory) else { continue }
      for case let name as String in names where count < 700 {
        let path = "\(directory)/\(name)"
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 1 << 20) else {
          continue
        }
        let bytes = [UInt8](data)
        guard bytes.prefix(8_192).contains(0) else { continue }
        count += 1
        #expect(SourceBytes.text(bytes) == bytes, "\(path)")
      }
    }
  }

  @Test func `numbers of two bytes are no text, whatever they begin with`() {
    var random = SeededRandom(seed: 3)
    for mark in [[], [0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]] {
      for bits in [8, 12, 14, 16] {
        var bytes = mark
        for _ in 0..<9_000 {
          let number = random.next(upTo: 1 << bits)
          bytes += [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]
        }
        #expect(SourceBytes.text(bytes) == bytes, "\(mark) \(bits)")
        #expect(ContentInspector().reasonToSkip(SourceBytes.text(bytes).span, path: "a") == .binary, "\(mark) \(bits)")
      }
    }
  }

  @Test func `what is no text stays as it is`() throws {
    var random = SeededRandom(seed: 12)
    for count in [1, 2, 3, 16, 100, 1000, 9000] {
      for _ in 0..<20 {
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = SourceBytes.text(bytes)
        if count >= 1000 {
          #expect(reason(text) == .binary)
        }
      }
    }
    // Numbers of 16 and of 32 bits, small as most are.
    for width in [2, 4] {
      let numbers = (0..<2000).flatMap { _ -> [UInt8] in
        let value = Int.random(in: 0...900, using: &random)
        return [UInt8(value & 255), UInt8(value >> 8)] + [UInt8](repeating: 0, count: width - 2)
      }
      #expect(reason(SourceBytes.text(numbers)) == .binary)
    }
    for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
      let bytes = mark + (0..<600).map { _ in UInt8.random(in: 0...31, using: &random) }
      #expect(reason(SourceBytes.text(bytes)) == .binary)
    }
  }
}
