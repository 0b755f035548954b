using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's <c>.model</c>: a message with the vocabulary's pieces, the trainer's settings and the normalizer's.
/// Field numbers and the values of absent fields are those of <c>sentencepiece_model.proto</c>.
/// </summary>
sealed class SentencePieceModel
{
    public const int Unigram = 1, Bpe = 2, Word = 3, Char = 4;

    public List<string> Tokens { get; } = [];

    public List<float> Scores { get; } = [];

    public List<TokenKind> Kinds { get; } = [];

    public int ModelType { get; private set; } = Unigram;

    public int Bos { get; private set; } = 1;

    public int Eos { get; private set; } = 2;

    public int Pad { get; private set; } = -1;

    public bool SpaceAsSuffix { get; private set; }

    public byte[] CharsMap { get; private set; } = [];

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>
    /// Makes a token one that is matched as a whole; one behind the last piece is appended, with unused ones between.
    /// </summary>
    public void Place(AddedToken token)
    {
        while (Tokens.Count <= token.Id)
        {
            Tokens.Add("");
            Scores.Add(0);
            Kinds.Add(TokenKind.Unused);
        }
        if (Kinds[token.Id] is not (TokenKind.Normal or TokenKind.Unused)) return;
        Tokens[token.Id] = token.Text;
        Kinds[token.Id] = token.Control ? TokenKind.Control : TokenKind.UserDefined;
    }

    public static SentencePieceModel Read(ReadOnlySpan<byte> file)
    {
        var model = new SentencePieceModel();
        var message = new Protobuf(file, "SentencePiece model");
        while (message.Read())
            switch (message.Field)
            {
                case 1: model.Piece(message.Bytes); break;
                case 2: model.TrainerSpec(message.Bytes); break;
                case 3: model.NormalizerSpec(message.Bytes); break;
            }
        if (model.Tokens.Count == 0)
            throw new TokenizerException($"SentencePiece model: no pieces in {file.Length} bytes. "
                + "The file is no SentencePiece model: copy it again.");
        return model;
    }

    void Piece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, kind) = ("", 0f, TokenKind.Normal);
        var message = new Protobuf(bytes, $"SentencePiece model, piece {Tokens.Count}");
        while (message.Read())
            switch (message.Field)
            {
                case 1: text = Encoding.UTF8.GetString(message.Bytes); break;
                case 2: score = message.Float; break;
                case 3: kind = (TokenKind)message.Number; break;
            }
        if (!Enum.IsDefined(kind))
            throw Damaged($"there is no piece of type {(int)kind}; 1 to 6 were expected", "or of a later format");
        if (text.Length > AddedToken.MaxLength)
            throw Damaged($"a piece of {text.Length} characters; at most {AddedToken.MaxLength} were expected", "or misread");
        Tokens.Add(text);
        Scores.Add(score);
        Kinds.Add(kind);
    }

    TokenizerException Damaged(string what, string otherwise) =>
        new($"SentencePiece model, piece {Tokens.Count}: {what}. The file is damaged, {otherwise}.");

    void TrainerSpec(ReadOnlySpan<byte> bytes)
    {
        var message = new Protobuf(bytes, "SentencePiece model, trainer_spec");
        while (message.Read())
            switch (message.Field)
            {
                case 3: ModelType = (int)message.Number; break;
                case 24: SpaceAsSuffix = message.Number != 0; break;
                case 41: Bos = (int)message.Number; break;
                case 42: Eos = (int)message.Number; break;
                case 43: Pad = (int)message.Number; break;
            }
    }

    void NormalizerSpec(ReadOnlySpan<byte> bytes)
    {
        var message = new Protobuf(bytes, "SentencePiece model, normalizer_spec");
        while (message.Read())
            switch (message.Field)
            {
                case 2: CharsMap = message.Bytes.ToArray(); break;
                case 3: AddDummyPrefix = message.Number != 0; break;
                case 4: RemoveExtraWhitespaces = message.Number != 0; break;
                case 5: EscapeWhitespaces = message.Number != 0; break;
            }
    }
}
