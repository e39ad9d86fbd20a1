import Cairn
import Settings

/// The reference of every setting as Markdown, made from the table that drives the program: `Docs/CONFIGURATION.md`.
package func settingReference() -> String {
  var text = """
    # Configuration

    Every setting has a default, so nothing needs to be configured. A value comes from the last of these that has one:

    1. the default built into the program,
    2. the user's file: `$XDG_CONFIG_HOME/cairn/config.toml`, or else `~/.config/cairn/config.toml`,
    3. the project's file: `cairn.toml` at the root,
    4. the environment: `CAIRN_...`,
    5. the command line that built the index, for settings that choose files and are not personal; they are kept with
       the index,
    6. the command line.

    `cairn config` shows what holds and where each value came from. `cairn config set KEY VALUE` writes the
    project's file and `cairn config set --global KEY VALUE` the user's, where comments, order and all else stay;
    `unset` takes a line out again, and both say where another source wins over the file that they wrote. A value
    that a setting does not accept is an error, and so is a name that does not exist, in a file or on the command
    line: it names the file, the line and the nearest name that exists. A variable that is called like no setting
    (`CAIRN_LIMT`) is not looked at.

    A path in a file begins at the file's directory, one in the environment or on the command line where the command
    runs; in the user's file and in the environment `~/` is the home directory. A project's file may name an index
    directory only inside the project, new or empty or made by Cairn, since the project may be someone else's.

    An index directory is Cairn's alone: it belongs to the user, lets nobody else in, and has a tag that only this
    user's Cairn on this machine can make. A `.cairn` that is anything else, or that git tracks, is not touched, and the
    index lives in the user's cache; another directory that is named with `--index-dir` must be new, empty and closed
    to others, or Cairn's, not the tree itself nor around it, and not hold the index of another tree that is still
    there. An index that may not be written answers as it is. One of another user does so where
    `trusted_directories` names its root.

    Since a project may be someone else's, its file cannot set what the list below calls *personal*, and can name a
    model but neither a directory of one nor one behind an endpoint: it must not choose where code is sent, which secret
    goes with it, what is spent there, what is loaded, or what stays in caches that other projects share. Of the machine
    it may ask for so much: `max_memory_mb` to 1024 or "25%", `threads` to 64, `max_file_bytes` to 50000000,
    `memory_mapping_threshold_mb` to 64, `batch_size` to 256, `rerank_count` to 200. Keys themselves never stand in
    files.

    A link in place of a project's file is followed no further than the project; a file of more than 64 KiB, a pipe, a
    device and a list or a table where one value belongs are errors.

    Sizes that nobody set are derived from the cores, the memory (limits of control groups included) and the corpus, and
    `cairn config` shows what they came to. `cairn config profile small|medium|large|huge` prints fixed sizes instead,
    and `cairn config import FILE` what a configuration of semindex (TOML) or LeIndex (YAML) comes to; with `--apply`
    both write them into `cairn.toml`, where everything else stays as it is.

    ```toml
    # cairn.toml
    include_hidden = true
    max_memory_mb = 512
    ```


    """
  for topic in Setting.Topic.allCases {
    text += "## \(topic.rawValue.prefix(1).uppercased() + topic.rawValue.dropFirst())\n\n"
    for setting in Setting.all where setting.topic == topic {
      let short = setting.shortFlag.map { ", `-\($0)`" } ?? ""
      let flag =
        setting.kind == .boolean ? "`--\(setting.flag)`, `--no-\(setting.flag)`" : "`--\(setting.flag)`\(short)"
      text += """
        ### `\(setting.key)`

        \(setting.summary)

        - Takes \(setting.expectation); the default is `\(setting.defaultValue)`.
        - Environment: `\(setting.environmentVariable)`. Command line: \(flag).\(setting.isPersonal ? " Personal." : "")


        """
    }
  }
  // One newline ends the file.
  return String(text.dropLast())
}
