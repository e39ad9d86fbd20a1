/// What Unicode 16 changed in the scripts of Unicode 14, which are those of PCRE2.
struct ScriptChange {
  /// Whether Unicode 14 does not know the script.
  var isNew = false
  var added: [ClosedRange<UInt32>] = []
  var removed: [ClosedRange<UInt32>] = []

  /// Of the script, or with `sc` false of the script's extensions, that has a short or a long name, in small letters
  /// without underscores; nil where nothing changed.
  static func of(_ name: String, extensions: Bool) -> ScriptChange? { table[(extensions ? "scx " : "sc ") + name] }

  private static let table: [String: ScriptChange] = {
    var table: [String: ScriptChange] = [:]
    for row in rows.split(separator: "\n") {
      let words = row.split(separator: " ")
      var change = ScriptChange()
      var isRemoved = false
      for word in words.dropFirst(3) {
        switch word {
        case "new": change.isNew = true
        case "+": isRemoved = false
        case "-": isRemoved = true
        default:
          guard let range = ScalarSet.range(word) else { continue }
          if isRemoved { change.removed.append(range) } else { change.added.append(range) }
        }
      }
      for name in words[1...2] { table[words[0] + " " + name] = change }
    }
    return table
  }()

  /// The property, its two names, and the ranges that came (`+`) and went (`-`).
  private static let rows = """
    scx adlm adlam + 204F 2E41
    scx aghb caucasianalbanian + 304 331 35E
    sc arab arabic + 897 10EC2-10EC4 10EFC-10EFF
    scx arab arabic + 897 204F 2E41 10EC2-10EC4 10EFC-10EFF
    scx armn armenian + 308
    scx avst avestan + B7 2E30-2E31
    sc bali balinese + 1B4E-1B4F 1B7F
    scx bali balinese + 1B4E-1B4F 1B7F
    scx beng bengali + 2BC
    scx bopo bopomofo + 2C7 2C9-2CB 2D9
    scx cari carian + B7 205A 205D 2E31
    scx cher cherokee + 300-302 304 30B-30C 323-324 330-331
    scx copt coptic + B7 300 304-305 307 374-375 2E17
    sc cyrl cyrillic + 1C89-1C8A 1E030-1E06D 1E08F
    scx cyrl cyrillic + 2BC 300-302 304 306 308 30B 311 1C89-1C8A 1E030-1E06D 1E08F
    sc deva devanagari + 11B00-11B09
    scx deva devanagari + 2BC 11B00-11B09
    scx dupl duployan + B7 307-308 30A 323-324 2E3C
    sc egyp egyptianhieroglyphs + 1342F 13439-13455 13460-143FA
    scx egyp egyptianhieroglyphs + 1342F 13439-13455 13460-143FA
    scx elba elbasan + B7 305
    scx ethi ethiopic + 30E
    sc gara garay new + 10D40-10D65 10D69-10D85 10D8E-10D8F
    scx gara garay new + 60C 61B 61F 10D40-10D65 10D69-10D85 10D8E-10D8F
    scx geor georgian + B7 589 205A 2E31
    scx glag glagolitic + B7 303 305 589 10FB 205A
    scx gong gunjalagondi + B7
    scx goth gothic + B7 304-305 308 331
    scx grek greek + B7 300-301 304 306 308 313 374 205D
    sc gukh gurungkhema new + 16100-16139
    scx gukh gurungkhema new + 965 16100-16139
    sc hani han + Han + 2B739 2EBF0-2EE5D 31350-323AF
    scx hani han + Han + B7 2FF0-2FFF 31E4-31E5 31EF 2B739 2EBF0-2EE5D 31350-323AF
    scx hebr hebrew + 307-308
    sc hira hiragana + 1B132
    scx hira hiragana + 1B132
    scx hung oldhungarian + 205A 205D 2E31 2E41
    sc kana katakana + 1B155
    scx kana katakana + 305 323 1B155
    sc kawi kawi new + 11F00-11F10 11F12-11F3A 11F3E-11F5A
    scx kawi kawi new + 11F00-11F10 11F12-11F3A 11F3E-11F5A
    sc khoj khojki + 1123F-11241
    scx khoj khojki + 1123F-11241
    sc kits khitansmallscript + 18CFF
    scx kits khitansmallscript + 18CFF
    sc knda kannada + CF3
    scx knda kannada + CF3 1CD3
    sc krai kiratrai new + 16D40-16D79
    scx krai kiratrai new + 16D40-16D79
    scx kthi kaithi + 2E31
    sc laoo lao + Lao + ECE
    scx laoo lao + Lao + ECE
    sc latn latin + A7CB-A7CD A7DA-A7DC 1DF25-1DF2A
    scx latn latin + B7 2BC 2C7 2C9-2CB 2CD 2D7 2D9 300-30E 310-311 313 320 323-325 32D-32E 330-331 358 35E 1DF8 \
      2E17 A7CB-A7CD A7DA-A7DC 1DF25-1DF2A
    scx lisu lisu + 2BC 2CD 300A-300B
    scx lyci lycian + 205A
    scx lydi lydian + B7 2E31
    scx mahj mahajani + B7
    scx mero meroitichieroglyphs + 205D
    scx mlym malayalam + 1CF2
    scx mong mongolian + 3001-3002 3008-300B
    sc mymr myanmar + 116D0-116E3
    scx mymr myanmar + 116D0-116E3
    sc nagm nagmundari new + 1E4D0-1E4F9
    scx nagm nagmundari new + 1E4D0-1E4F9
    sc onao olonal new + 1E5D0-1E5FA 1E5FF
    scx onao olonal new + 964-965 1E5D0-1E5FA 1E5FF
    scx orkh oldturkic + 205A 2E30
    scx osge osage + 301 304 30B 358
    scx perm oldpermic + B7 300 306-308 313
    scx phag phagspa + 202F 3002
    scx runr runic + 16EB-16ED
    scx samr samaritan + 2E31
    scx shaw shavian + B7
    scx shrd sharada + A830-A835 A838
    scx sinh sinhala + 1CF2
    sc sunu sunuwar new + 11BC0-11BE1 11BF0-11BF9
    scx sunu sunuwar new + 300-301 303 30D 310 32D 331 11BC0-11BE1 11BF0-11BF9
    scx syrc syriac + 303-304 307-308 30A 320 323-325 32D-32E 330
    scx tale taile + 300-301 307-308 30C
    scx tang tangut + 2FF0-2FFF 31EF
    scx tfng tifinagh + 302 304 307 309
    scx thai thai + 2BC 2D7 303 331
    scx tibt tibetan + 3008-300B
    sc todr todhri new + 105C0-105F3
    scx todr todhri new + 301 304 307 311 313 35E 105C0-105F3
    scx toto toto + 2BC
    sc tutg tulutigalari new + 11380-11389 1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 \
      113D7-113D8 113E1-113E2
    scx tutg tulutigalari new + CE6-CEF 1CF2 1CF4 A830-A835 A8F1 11380-11389 1138B 1138E 11390-113B5 113B7-113C0 \
      113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2
    scx zinh inherited - 300-30E 310-311 313 320 323-325 32D-32E 330-331 342 345 358 35E 363-36F 485-486 64B-655 670 \
      951-952 1CD0-1CD2 1CD4-1CE0 1CE2-1CE8 1CED 1CF4 1CF8-1CF9 1DC0-1DC1 1DF8 1DFA 20F0 302A-302D 3099-309A 102E0 \
      1133B
    sc zyyy common + 2427-2429 2FFC-2FFF 31E4-31E5 31EF 1CC00-1CCF9 1CD00-1CEB3 1D2C0-1D2D3 1F6DC 1F774-1F776 \
      1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 \
      1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF
    scx zyyy common + 2427-2429 1CC00-1CCF9 1CD00-1CEB3 1D2C0-1D2D3 1F6DC 1F774-1F776 1F77B-1F77F 1F7D9 1F8B2-1F8BB \
      1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF \
      1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF - B7 2BC 2C7 2C9-2CB 2CD 2D7 2D9 374 60C 61B 61F 640 964-965 10FB 16EB-16ED \
      1735-1736 1802-1803 1805 1CD3 1CE1 1CE9-1CEC 1CEE-1CF3 1CF5-1CF7 1CFA 202F 204F 205A 205D 2E17 2E30-2E31 2E3C \
      2E41 2E43 2FF0-2FFB 3001-3003 3006 3008-3011 3013-301F 3030-3035 3037 303C-303F 309B-309C 30A0 30FB-30FC \
      3190-319F 31C0-31E3 3220-3247 3280-32B0 32C0-32CB 32FF 3358-3370 337B-337F 33E0-33FE A700-A707 A830-A839 A92E \
      A9CF FD3E-FD3F FE45-FE46 FF61-FF65 FF70 FF9E-FF9F 10100-10102 10107-10133 10137-1013F 102E1-102FB 1BCA0-1BCA3 \
      1D360-1D371 1F250-1F251
    """
}
