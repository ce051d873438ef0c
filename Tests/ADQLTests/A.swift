@testable import ADQL
