namespace Dayu.Hub;

/// <summary>A model comes without a tokenizer.</summary>
/// <param name="model">Where the model lies.</param>
/// <param name="folder">Where the tokenizer was looked for.</param>
/// <param name="names">What its file could be called there.</param>
public sealed class TokenizerNotFoundException(string model, string folder, string names)
    : FileNotFoundException($"{model} has no tokenizer, and {folder} has neither of {names}; put its file there, or say where it is")
{
    /// <summary>Where the model lies.</summary>
    public string Model => model;

    /// <summary>Where the tokenizer was looked for.</summary>
    public string Folder => folder;
}
