import ArgumentParser
import CatalogStore
import Ingest

/// `xmdb profiles`.
struct ProfilesCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles",
    abstract: "List the surveys whose columns are recognised, or print one of them.",
    discussion: """
      Surveys are tried in this order: the first whose columns a table has is taken. With NAME the whole profile is printed \
      in YAML, to be copied into a file of your own and changed: $XMDB_PROFILES, profiles.yaml in the database's folder, or \
      that of --profiles. Its profiles come before those of the program. docs/ingest.md says what the keys mean.

      EXAMPLES
        xmdb profiles
        xmdb profiles --json
        xmdb profiles DES > profiles.yaml
        xmdb profiles --profiles profiles.yaml
      """)

  @Argument(help: "The name of a profile.") var name: String?
  @OptionGroup var own: ProfileOptions
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let known = try own.known(global.databasePath())
    if let name { return try show(profile(name, known), process.output) }
    if facts.json { return try process.output.line(JSONValue.list(try known.all.map(Self.json)).pretty) }
    var table = TextTable([("profile", .left), ("recognised by", .left), ("from", .left)])
    for profile in known.all { table.add([profile.name, Self.columns(profile), profile.file ?? "xmdb"]) }
    for line in table.lines { try process.output.line(line) }
  }

  private func profile(_ name: String, _ known: SurveyProfiles) throws -> SurveyProfile {
    if let profile = known.named(name) { return profile }
    throw StoreError(
      .usage, "profiles",
      "there is none named '\(name)'; they are \(known.all.map { "'\($0.name)'" }.joined(separator: ", "))")
  }

  private func show(_ profile: SurveyProfile, _ output: StandardOutput) throws {
    if facts.json { return try output.line(Self.json(profile).pretty) }
    for line in try profile.yaml.split(separator: "\n") { try output.line(String(line)) }
  }

  private static func columns(_ profile: SurveyProfile) -> String {
    let others = profile.oneOf
    let shown = others.prefix(4).joined(separator: ", ") + (others.count > 4 ? ", …" : "")
    let oneOf = others.isEmpty ? [] : [others.count == 1 ? shown : "one of \(shown)"]
    return (profile.required + oneOf).joined(separator: ", ")
  }

  private static func json(_ profile: SurveyProfile) throws -> JSONValue {
    .object([
      ("name", .text(profile.name)), ("columns", .texts(profile.required)), ("any_of", .texts(profile.oneOf)),
      ("none_of", .texts(profile.noneOf)), ("psf", .text(profile.psf)), ("file", .text(profile.file)),
      ("yaml", .text(try profile.yaml)),
    ])
  }
}
