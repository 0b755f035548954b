using System.Runtime.InteropServices;

namespace Dayu.Cli;

/// <summary>Which language to speak: <c>--lang</c>, DAYU_LANG, DOTNET_CLI_UI_LANGUAGE, the system's.</summary>
static partial class Languages
{
    const ushort Primary = 0x3FF, Chinese = 0x04;                    // of a Windows language id

    /// <summary>One of <see cref="Strings.Known"/>; known before the command line is, since its mistakes are told in it.</summary>
    public static string Choose(string[] args, Terminal terminal)
    {
        var named = Flag(args) ?? terminal.Variable("DAYU_LANG") ?? terminal.Variable("DOTNET_CLI_UI_LANGUAGE")
            ?? terminal.Variable("LC_ALL") ?? terminal.Variable("LC_MESSAGES") ?? terminal.Variable("LANG");
        var chinese = named?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ?? (OperatingSystem.IsWindows() && (GetUserDefaultUILanguage() & Primary) == Chinese);
        return chinese ? "zh-CN" : "en";
    }

    static string? Flag(string[] args)
    {
        for (var i = 0; i < args.Length && args[i] != "--"; i++)
            if (args[i].StartsWith("--lang=", StringComparison.Ordinal)) return args[i]["--lang=".Length..];
            else if (args[i] == "--lang" && i + 1 < args.Length) return args[i + 1];
        return null;
    }

    [LibraryImport("kernel32.dll")]
    private static partial ushort GetUserDefaultUILanguage();
}
