import Primitives
import TestSupport
import Testing

/// Text of other scripts and encodings through the real program.
@Suite struct ScriptTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    let files: [(FilePath, String)] = [
      ("zh.py", "# 读取配置文件，如果文件不存在则返回默认值\ndef load(p): pass\n"),
      ("ja.py", "# ユーザー認証トークンの有効期限を確認する\ndef check(t): pass\n"),
      ("ko.py", "# 사용자의 세션이 만료되었는지 확인하고\ndef kill(s): pass\n"),
      ("th.py", "# ตรวจสอบรหัสผ่านของผู้ใช้ก่อนเข้าสู่ระบบ\ndef login(u): pass\n"),
      ("lo.py", "# ກວດສອບລະຫັດຜ່ານຂອງຜູ້ໃຊ້\ndef lao(u): pass\n"),
      ("km.py", "# ពិនិត្យពាក្យសម្ងាត់របស់អ្នកប្រើ\ndef khmer(u): pass\n"),
      ("my.py", "# အသုံးပြုသူ၏စကားဝှက်ကိုစစ်ဆေးပါ\ndef myanmar(u): pass\n"),
      ("class.py", "class 订单管理器:\n    def 计算总价(self): pass\n"),
      ("mixed.go", "// 发送HTTP请求并等待响应\nfunc Send() {}\n"),
      ("pl.py", "# Łódź, Źródło danych\ndef pl(): pass\n"), ("tr.py", "# İstanbul ŞİFRE\ndef tr(): pass\n"),
      ("nfd.py", "# ve\u{301}rifie\u{301} cre\u{301}er\ndef nfd(): pass\n"),
      ("de.py", "# Straße und Größe\ndef de(): pass\n"), ("el.py", "# ο Σίσυφος\ndef el(): pass\n"),
      ("ru.py", "# Ошибка соединения, ёлка\ndef ru(): pass\n"),
      ("wide.py", "# ＦＵＬＬＷＩＤＴＨ ﾊﾟｽﾜｰﾄﾞ\ndef wide(): pass\n"),
      ("hi.py", "# फ़ाइल पढ़ने का प्रयास\ndef hi(): pass\n"), ("ar.py", "# مُدَرِّس اللغة\ndef ar(): pass\n"),
      (
        "long.md",
        "前置" + String(repeating: "普通的文字没有空格", count: 60) + "隐藏宝藏" + String(repeating: "继续写下去", count: 60) + "\n"
      ),
      ("other.py", "def unrelated_helper():\n    return 1\n"), ("noise.py", "def retry_loop():\n    return 2\n"),
    ]
    for (path, text) in files { try cairn.write(path, text) }
    #expect(try cairn.run("index", "-q").code == 0)
  }

  @Test(arguments: [
    ("配置文件", "zh.py"), ("默认值", "zh.py"), ("读取配置文件", "zh.py"), ("\"文件不存在\"", "zh.py"), ("認証", "ja.py"),
    ("有効期限", "ja.py"), ("トークン", "ja.py"), ("세션", "ko.py"), ("만료", "ko.py"), ("รหัสผ่าน", "th.py"),
    ("ລະຫັດຜ່ານ", "lo.py"), ("ពាក្យសម្ងាត់", "km.py"), ("စကားဝှက်", "my.py"), ("订单", "class.py"),
    ("管理器", "class.py"), ("总价", "class.py"), ("订单管理器", "class.py"), ("计算总价", "class.py"),
    ("等待响应", "mixed.go"), ("请求", "mixed.go"), ("Łódź", "pl.py"), ("łódź", "pl.py"), ("Lodz", "pl.py"),
    ("ŁÓDŹ", "pl.py"), ("ŞİFRE", "tr.py"),
    ("créer", "nfd.py"), ("CRE\u{301}ER", "nfd.py"), ("creer", "nfd.py"), ("STRASSE", "de.py"), ("straße", "de.py"),
    ("groesse größe", "de.py"), ("ΣΊΣΥΦΟΣ", "el.py"), ("σισυφος", "el.py"), ("ОШИБКА", "ru.py"), ("елка", "ru.py"),
    ("パスワード", "wide.py"), ("ｆｕｌｌｗｉｄｔｈ", "wide.py"), ("पढ़ने", "hi.py"),
    ("مدرس", "ar.py"), ("隐藏宝藏", "long.md"), ("\"有効期限を確認\"", "ja.py"), ("宝", "long.md"),
  ])
  func `words of every script are found where they stand`(question: String, path: String) throws {
    let found = try cairn.run("search", "-l", "-n", "1", question)
    #expect(found.outputLines == [path], "\(question): \(found.outputText)\(found.errorText)")
  }

  @Test(arguments: [("şifre", "tr.py"), ("sifre", "tr.py"), ("istanbul", "tr.py"), ("fullwidth", "wide.py")])
  func `a question in letters of every keyboard meets the words that are spelt otherwise`(
    question: String, path: String
  ) throws {
    let found = try cairn.run("search", "--explain", "-n", "20", question).outputText
    let hit = found.split(separator: "\n\n").first { $0.hasPrefix(path) } ?? ""
    // The only file that holds the word in any spelling has all of what words can give.
    #expect(hit.split(separator: "\n").contains { $0.hasPrefix("  words ") && $0.contains(" 0.5000") }, "\(found)")
  }

  @Test func `a whole run comes before its parts`() throws {
    try cairn.write("parts.md", "配置说明。文件列表。读取数据。置文。取配。\n")
    try cairn.write("whole.md", "这里说的是关于很多其他事情的内容，读取配置文件也在其中，还有一些无关的话。\n")
    let found = try cairn.run("search", "-l", "读取配置文件 path:*.md").outputLines
    #expect(found.first == "whole.md", "\(found)")
  }

  @Test func `files in other encodings are found, shown, and found unchanged`() throws {
    let made = try cairn.shell(
      """
      mkdir enc; cd enc
      printf 'class WombatLedger {\\n  void vérifier() {}\\n}\\n' | iconv -f UTF-8 -t UTF-16 >Utf16.cs
      printf 'class KoalaLedger {\\n}\\n' | iconv -f UTF-8 -t UTF-16LE >Bare.cs
      printf 'class QuokkaLedger {\\n}\\n' | iconv -f UTF-8 -t UTF-16BE >BareBig.cs
      printf '# 注文の有効性を検証するためのものです\\ndef numbat(): pass\\n' | iconv -f UTF-8 -t SHIFT_JIS >sjis.py
      printf '# 校验订单是否有效并且返回结果\\ndef bilby(): pass\\n' | iconv -f UTF-8 -t GB18030 >gbk.py
      printf '# Prüfung der Gültigkeit\\ndef dingo(): pass\\n' | iconv -f UTF-8 -t ISO-8859-1 >latin.py
      printf 'first = 1\\rsecond = 2\\rdef thylacine(): pass\\r' >mac.py
      printf '\\357\\273\\277def echidna(): pass\\n' >mark.py
      """)
    #expect(made.code == 0, "\(made.errorText)")
    #expect(try cairn.run("index", "-q").code == 0)
    for (question, path, line) in [
      ("WombatLedger", "enc/Utf16.cs", "class WombatLedger {"), ("vérifier", "enc/Utf16.cs", "void vérifier() {}"),
      ("KoalaLedger", "enc/Bare.cs", "class KoalaLedger {"), ("QuokkaLedger", "enc/BareBig.cs", "class QuokkaLedger {"),
      ("有効性", "enc/sjis.py", "# 注文の有効性を検証する"), ("校验订单", "enc/gbk.py", "# 校验订单是否有效"),
      ("Gültigkeit", "enc/latin.py", "# Prüfung der Gültigkeit"), ("thylacine", "enc/mac.py", "def thylacine(): pass"),
      ("echidna", "enc/mark.py", "def echidna(): pass"),
    ] {
      #expect(try cairn.run("search", "-l", "-n", "1", question).outputLines == [path], "\(question)")
      let shown = try cairn.run("search", "-n", "1", question).outputText
      #expect(shown.contains(line) && !shown.contains("\u{FFFD}") && !shown.contains("\u{FEFF}"), "\(shown)")
    }
    #expect(try cairn.run("search", "-n", "1", "thylacine").outputText.contains("3  def thylacine(): pass"))
    // Nothing is read again, and what changes is.
    let again = try cairn.run("index", "--json").outputText
    #expect(again.contains("\"files_indexed\":0"), "\(again)")
    #expect(
      try cairn.shell("printf 'class KoalaJournal {\\n}\\n' | iconv -f UTF-8 -t UTF-16LE >enc/Bare.cs").code == 0)
    #expect(try cairn.run("search", "-l", "-n", "1", "KoalaJournal").outputLines == ["enc/Bare.cs"])
    #expect(try cairn.run("verify").code == 0)
  }
}
