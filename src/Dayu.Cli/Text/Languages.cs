using System.Runtime.InteropServices;

namespace Dayu.Cli;

/// <summary>Which language to speak: <c>--lang</c>, DAYU_LANG, files of settings, DOTNET_CLI_UI_LANGUAGE, the system's.</summary>
static partial class Languages
{
    const ushort Primary = 0x3FF, Chinese = 0x04;                    // of a Windows language id

    /// <summary>One of <see cref="Strings.Known"/>; known before the command line is, since its mistakes are told in it.</summary>
    public static string Choose(Settings settings, Terminal terminal)
    {
        var named = settings.Lenient(Setting.Lang) ?? terminal.Variable("DOTNET_CLI_UI_LANGUAGE")
            ?? terminal.Variable("LC_ALL") ?? terminal.Variable("LC_MESSAGES") ?? terminal.Variable("LANG");
        var chinese = named?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ?? IsWindowsChinese;
        return chinese ? "zh-CN" : "en";
    }

    static bool IsWindowsChinese => OperatingSystem.IsWindows() && (GetUserDefaultUILanguage() & Primary) == Chinese;

    [LibraryImport("kernel32.dll")]
    private static partial ushort GetUserDefaultUILanguage();
}
