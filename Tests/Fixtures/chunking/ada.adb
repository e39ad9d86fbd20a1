package body Shop is
   Limit : constant Integer := 3;

   --  Sells.
   function Sell (N : Integer) return Integer is
   begin
      return N;
   end Sell;

   procedure Open is
   begin
      null;
   end Open;
end Shop;
