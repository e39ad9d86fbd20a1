classdef Shop < handle
    properties
        Name
    end
    methods
        function obj = Shop(name)
            obj.Name = name;
        end
        function n = sell(obj, n)
            n = n + 1;
        end
    end
end
