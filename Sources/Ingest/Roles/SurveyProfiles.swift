/// The profiles of surveys by which columns are recognised: those of the program, and before them those of a user's file.
public struct SurveyProfiles: Sendable {
  /// In the order in which they are tried: the first that fits a table is taken.
  public let all: [SurveyProfile]

  /// Those of the program.
  public static let builtIn = SurveyProfiles(all: SurveyProfile.all)

  private init(all: [SurveyProfile]) { self.all = all }

  /// Those of a file, then those of the program but for the ones whose names the file takes.
  /// - Throws: `StoreError.usage` that names file, profile and key, what was given and what is allowed.
  public init(file path: String) throws {
    let own = try SurveyProfileFile(path).profiles
    let names = Set(own.map { $0.name.lowercased() })
    all = own + SurveyProfile.all.filter { !names.contains($0.name.lowercased()) }
  }

  /// The profile of a name, without regard to case.
  public func named(_ name: String) -> SurveyProfile? { all.first { $0.name.lowercased() == name.lowercased() } }

  /// The first profile that fits the names of a table's columns, which are compared without regard to case.
  public func recognise(_ columns: some Sequence<String>) -> SurveyProfile? {
    let names = Set(columns.map { $0.lowercased() })
    return all.first { $0.fits(names) }
  }
}
