using System.Text.RegularExpressions;

namespace Dayu.Hub;

/// <summary>
/// What is to be pulled: a repository of a hub, with what chooses among its files; or the address of a file.
/// </summary>
/// <param name="Text">As it was said, without what only the way there needs.</param>
/// <param name="Repo"><c>owner/name</c>; null: an address.</param>
/// <param name="Tag">A word of the file's name (Q4_K_M); null: none.</param>
/// <param name="File">Path of the file, with * for anything; null: none.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="Address">Of a file; null: a repository.</param>
public sealed partial record PullSource(string Text, string? Repo, string? Tag, string? File, string Revision, Uri? Address)
{
    const string Main = "main";

    static readonly string[] hosts = ["huggingface.co", "hf.co"];

    /// <summary>The model whose short name was said; null: it was said otherwise.</summary>
    public KnownModel? Known { get; init; }

    /// <summary>
    /// Reads <c>owner/name[:tag]</c>, a short name of <see cref="KnownModels"/>, the address of a page of the Hugging
    /// Face hub, or any address of a file.
    /// </summary>
    /// <param name="text">What was said.</param>
    /// <param name="file">Path of the file, with * for anything; null: the text says it, or the repository holds one
    /// model. With it, a short name stands for its repository.</param>
    /// <param name="revision">Branch, tag or commit; null: the text says it, or <c>main</c>.</param>
    /// <exception cref="PullSourceException">It is none of these.</exception>
    public static PullSource Parse(string text, string? file = null, string? revision = null)
    {
        if (KnownModels.Find(text) is { } known)
            return file is null ? Parse(known.Source, null, revision) with { Known = known } : Parse(known.Repository, file, revision);
        var said = WithoutHub(text);
        if (Uri.TryCreate(said, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            return IsModelFile(address) ? OfAddress(address, revision ?? Main) : throw new PullSourceException(text);
        if (Page().Match(said) is { Success: true } page) return OfPage(page, file, revision);
        if (Repository().Match(said) is not { Success: true } repo) throw new PullSourceException(text);
        return new(said, repo.Groups[1].Value, Group(repo, 2), file, revision ?? Main, null);
    }

    /// <summary>The name for a store where no other is given: as it was said.</summary>
    /// <exception cref="ModelNameException">It makes no name.</exception>
    public string Name => this switch
    {
        { Known: { } known } => known.Name,
        { Address: { } address } => ModelName.From(FileOf(address)),
        { Tag: { } tag } => ModelName.Checked($"{Repo}:{tag}"),
        { File: { } file } => ModelName.Checked($"{Repo}:{ModelName.From(Path.GetFileName(file.Replace('*', '-')))}"),
        _ => ModelName.Checked(Repo!),
    };

    /// <summary>The name of the file at an address.</summary>
    internal static string FileOf(Uri address) => Path.GetFileName(Uri.UnescapeDataString(address.AbsolutePath));

    static string WithoutHub(string text)
    {
        var said = text.StartsWith("hf://", StringComparison.Ordinal) ? text[5..] : text;
        foreach (var host in hosts)
            if (said.StartsWith(host + "/", StringComparison.Ordinal)) said = said[(host.Length + 1)..];
            else if (said.StartsWith($"https://{host}/", StringComparison.Ordinal)) said = said[(host.Length + 9)..];
        return said;
    }

    /// <summary>A password in an address would be kept with the model.</summary>
    static bool IsModelFile(Uri address) => address.UserInfo.Length == 0 && ModelName.IsFile(address.AbsolutePath);

    static PullSource OfAddress(Uri address, string revision) =>
        new(address.GetLeftPart(UriPartial.Path), null, null, null, revision, address);

    static PullSource OfPage(Match page, string? file, string? revision)
    {
        var repo = page.Groups[1].Value;
        if (file is null && Group(page, 3) is { } path) file = Uri.UnescapeDataString(path);
        return new(repo, repo, null, file, revision ?? Uri.UnescapeDataString(page.Groups[2].Value), null);
    }

    static string? Group(Match match, int group) => match.Groups[group] is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*)(?::([A-Za-z0-9_.-]+))?/?\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)/(?:tree|blob|resolve)/([^/]+)(?:/([^?]+))?(?:\?.*)?$")]
    private static partial Regex Page();
}
