unit Shop;

interface

type
  TBook = class
    function Title: string;
  end;

implementation

{ The title. }
function TBook.Title: string;
begin
  Result := '';
end;

procedure Helper(N: Integer);
begin
end;

end.
