using System.Text;

namespace Dayu.Cli;

/// <summary>The fonts of a machine, opened as they are needed: DAYU_FONT first, then well-known ones for Latin and Chinese, then all others.</summary>
/// <param name="files">In the order in which they are asked.</param>
sealed class Fonts(IEnumerable<string> files)
{
    const int MostTried = 400;

    static readonly string[] known =
    [
        "NotoSans-Regular", "DejaVuSans", "LiberationSans-Regular", "segoeui", "Helvetica", "HelveticaNeue", "arial", "Arial",
        "NotoSansCJKsc-Regular", "NotoSansSC-Regular", "NotoSansCJK-Regular", "SourceHanSansSC-Regular", "msyh", "PingFang", "Hiragino Sans GB", "STHeiti Light", "wqy-microhei", "wqy-zenhei", "simhei", "simsun", "DroidSansFallbackFull",
    ];

    readonly IEnumerator<string> untried = files.Take(MostTried).GetEnumerator();
    readonly List<Font> opened = [];
    readonly Dictionary<Rune, Font?> chosen = [];

    /// <summary>The fonts of this machine.</summary>
    public static Fonts Of(Terminal terminal)
    {
        if (terminal.Variable("DAYU_FONT") is not { } named) return new(Sorted(Folders(terminal)));
        var path = Path.Combine(terminal.Folder, named);
        if (Directory.Exists(path)) return new(Sorted([path]));
        if (!File.Exists(path)) throw new FileNotFoundException($"DAYU_FONT: {path}");
        _ = Font.Open(path);                                         // one that was named is not passed over
        return new(Sorted(Folders(terminal)).Prepend(path));
    }

    static IEnumerable<string> Folders(Terminal terminal)
    {
        if (OperatingSystem.IsWindows())
            return [Path.Combine(terminal.Variable("WINDIR") ?? @"C:\Windows", "Fonts"), Path.Combine(terminal.Variable("LOCALAPPDATA") ?? "", "Microsoft", "Windows", "Fonts")];
        var home = terminal.Variable("HOME") ?? "";
        return OperatingSystem.IsMacOS() ? ["/System/Library/Fonts", "/Library/Fonts", Path.Combine(home, "Library", "Fonts")]
            : ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".local", "share", "fonts"), Path.Combine(home, ".fonts")];
    }

    static IEnumerable<string> Sorted(IEnumerable<string> folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 6 };
        return folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*", options)).Where(IsFont).OrderBy(Rank).ThenBy(f => f, StringComparer.Ordinal);
    }

    static bool IsFont(string file) => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc" or ".otc";

    static int Rank(string file) => Array.IndexOf(known, Path.GetFileNameWithoutExtension(file)) is >= 0 and var rank ? rank : known.Length;

    /// <summary>Whether there is any.</summary>
    public bool Any => opened.Count > 0 || Next();

    /// <summary>The first font that has a character; null where none has.</summary>
    public Font? With(Rune rune)
    {
        if (chosen.TryGetValue(rune, out var font)) return font;
        for (var i = 0; i < opened.Count || Next(); i++)
            if (opened[i].GlyphOf(rune) != 0) return chosen[rune] = opened[i];
        return chosen[rune] = null;
    }

    /// <summary>Opens one more. What cannot be read as a font is passed over: it is the machine's, not the user's.</summary>
    bool Next()
    {
        while (untried.MoveNext())
        {
            try
            {
                opened.Add(Font.Open(untried.Current));
                return true;
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException) { }
        }
        return false;
    }
}
