using System.Text.RegularExpressions;

namespace Dayu.Cli;

/// <summary>What is to be pulled: a repository of the hub, with what chooses among its files; or the address of a file.</summary>
/// <param name="Text">As the user said it, without what only the way needs.</param>
/// <param name="Repo"><c>owner/name</c>; null: an address.</param>
/// <param name="Tag">A word of the file's name (Q4_K_M).</param>
/// <param name="File">Path of the file, with * for anything.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="Address">Of a file; null: a repository.</param>
sealed partial record PullSource(string Text, string? Repo, string? Tag, string? File, string Revision, Uri? Address)
{
    const string Main = "main";

    static readonly string[] hubs = ["huggingface.co", "hf.co"];

    /// <summary>What the user means: <c>owner/name[:tag]</c>, a page of the hub, or any address of a file.</summary>
    /// <exception cref="CliError">It is none of these.</exception>
    public static PullSource Of(string text, string? file, string? revision)
    {
        var said = text.StartsWith("hf://", StringComparison.Ordinal) ? text[5..] : text;
        foreach (var hub in hubs)
            if (said.StartsWith(hub + "/", StringComparison.Ordinal)) said = said[(hub.Length + 1)..];
            else if (said.StartsWith($"https://{hub}/", StringComparison.Ordinal)) said = said[(hub.Length + 9)..];
        if (Uri.TryCreate(said, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            return address.UserInfo.Length == 0 && ModelName.IsFile(address.AbsolutePath) ? new(address.GetLeftPart(UriPartial.Path), null, null, null, revision ?? Main, address) : throw new CliError(2036, text);
        if (Page().Match(said) is { Success: true } page)
            return new(page.Groups[1].Value, page.Groups[1].Value, null, file ?? (page.Groups[3].Success ? Uri.UnescapeDataString(page.Groups[3].Value) : null), revision ?? Uri.UnescapeDataString(page.Groups[2].Value), null);
        var repo = Repository().Match(said);
        if (!repo.Success) throw new CliError(2036, text);
        return new(said, repo.Groups[1].Value, repo.Groups[2].Success ? repo.Groups[2].Value : null, file, revision ?? Main, null);
    }

    /// <summary>What the model is called by, where nobody says otherwise: as it was pulled.</summary>
    public string Name => Address is not null ? ModelName.From(Path.GetFileName(Uri.UnescapeDataString(Address.AbsolutePath)))
        : ModelName.Checked(Tag is null && File is not null ? $"{Repo}:{ModelName.From(Path.GetFileName(File.Replace('*', '-')))}" : Tag is null ? Repo! : $"{Repo}:{Tag}");

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)?)(?::([A-Za-z0-9_.-]+))?/?\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)/(?:tree|blob|resolve)/([^/]+)(?:/([^?]+))?(?:\?.*)?$")]
    private static partial Regex Page();
}
